/// Takes the bytes of a fetch.
///
/// Calls never overlap.
package protocol FetchSink: Sendable {
    /// Forgets all bytes so far; called before the first one of every attempt.
    func restart() throws

    /// Takes the next bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws
}
