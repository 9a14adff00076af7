package import LinuxSystem
package import OCIModel

/// A blob that is written and hashed but not part of the store yet.
///
/// It is gone when the last copy of this value is, unless `BlobStore.publish(_:)` took it.
package struct StagedBlob: Sendable {
    package let digest: Digest

    /// In bytes.
    package let size: UInt64

    let file: TemporaryFile

    /// The digest and the size, which stay true when the blob is published.
    package var stored: StoredBlob {
        StoredBlob(digest: digest, size: size)
    }

    /// Opens the bytes for reading, before the blob is published.
    package func openForReading() throws -> OwnedDescriptor {
        try file.openForReading()
    }
}
