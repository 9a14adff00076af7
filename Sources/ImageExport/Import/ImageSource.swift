import ByteStrings
import ContentStorage
import LinuxSystem
import OCIModel

/// What the files of an image archive are taken from.
protocol ImageSource: AnyObject {
    /// One of the documents beside the blobs, such as `index.json`, or nil when there is none.
    func document(_ name: ByteString) throws -> [UInt8]?

    /// The file at a path, hashed; nil when there is none.
    func blob(at path: ByteString) throws -> SourceBlob?
}

/// A file of an archive: in the store already, or staged for it.
struct SourceBlob {
    let stored: StoredBlob

    /// Nil for one that is in the store.
    let staged: StagedBlob?

    func open(in blobs: BlobStore) throws -> OwnedDescriptor {
        guard let staged else { return try blobs.open(stored.digest, size: stored.size) }
        return try staged.openForReading()
    }

    /// The bytes of a document, checked against the digest.
    func readAll(in blobs: BlobStore) throws -> [UInt8] {
        guard staged != nil else { return try blobs.readAll(stored.digest) }
        guard stored.size <= UInt64(CanonicalJSON.defaultSizeLimit) else {
            throw StorageError.tooLarge(limit: UInt64(CanonicalJSON.defaultSizeLimit))
        }
        return try open(in: blobs).readAll(limit: CanonicalJSON.defaultSizeLimit)
    }
}
