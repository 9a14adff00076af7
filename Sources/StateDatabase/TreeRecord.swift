package import ByteStrings

/// A tree on disk that holds an unpacked layer.
package struct TreeRecord: Hashable, Sendable {
    /// Its name below `trees`.
    package var id: ByteString

    /// The boot during which it was written without being flushed, or nil when its files are on stable storage.
    ///
    /// After any other boot such a tree may hold empty files and must be made again from the blob.
    package var bootID: String?

    package init(id: ByteString, bootID: String?) {
        self.id = id
        self.bootID = bootID
    }

    /// Whether the files can be relied on during the boot `current`.
    package func isTrustworthy(during current: String) -> Bool {
        bootID == nil || bootID == current
    }
}
