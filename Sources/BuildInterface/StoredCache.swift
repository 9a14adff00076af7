package import ByteStrings
package import FileModel

/// One cache of `RUN --mount=type=cache` in the store, or a copy of it that a private use made.
package struct StoredCache: Hashable, Sendable {
    /// The cache's id; nil for one that was interrupted while it was made.
    package var id: ByteString?

    /// What its files take on the disk, in bytes.
    package var size: UInt64
    package var lastUsed: Timestamp

    /// Whether a command has it mounted now.
    package var isInUse: Bool

    package init(id: ByteString?, size: UInt64, lastUsed: Timestamp, isInUse: Bool) {
        self.id = id
        self.size = size
        self.lastUsed = lastUsed
        self.isInUse = isInUse
    }
}
