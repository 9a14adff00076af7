package import OCIModel

/// The digest and the size of bytes in the store.
package struct StoredBlob: Hashable, Sendable {
    package var digest: Digest

    /// In bytes.
    package var size: UInt64

    package init(digest: Digest, size: UInt64) {
        self.digest = digest
        self.size = size
    }
}
