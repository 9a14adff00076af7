/// What becomes of the destination of a copy.
package enum CopyDestinationForm: UInt8, Hashable, Sendable {
    /// It is not touched: no source matched anything.
    case nothing

    /// It is the copied file; the only entry has an empty destination.
    case file

    /// It is a directory, made if need be, also when there is no entry to put there. Its own attributes stay.
    case directory
}
