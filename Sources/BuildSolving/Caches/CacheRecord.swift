package import ByteStrings
package import FileModel

/// One cache of `RUN --mount=type=cache`, or a copy of it that a private use made.
package struct CacheRecord: Hashable, Sendable {
    /// The cache's id; nil for one that was interrupted while it was made.
    package var id: ByteString?

    /// Where it lies below the folder of caches.
    package var path: ByteString

    /// What its files take on the disk, in bytes.
    package var size: UInt64
    package var lastUsed: Timestamp

    /// Whether a command has it mounted now.
    package var isInUse: Bool
}
