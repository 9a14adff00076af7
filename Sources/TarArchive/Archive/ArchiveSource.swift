/// Where the bytes of an archive come from.
package enum ArchiveSource {
    /// An open file, read from where it stands. It stays open, and must stay so while it is read.
    case descriptor(CInt)
    case bytes([UInt8])

    /// Whatever gives bytes, such as a blob that is hashed on the way, or a ``Decompressor``.
    case closure(ByteSource)
}
