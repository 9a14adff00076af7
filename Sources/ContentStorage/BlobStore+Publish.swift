import LinuxSystem
import OCIModel

extension BlobStore {
    /// Starts a blob; nobody sees it before it is published.
    ///
    /// With `limit`, more bytes than that are refused.
    package func writer(in session: Session, limit: UInt64? = nil) throws -> BlobWriter {
        try BlobWriter(store: self, file: session.makeFile(), limit: limit)
    }

    /// Makes staged blobs part of the store, in this order: bytes to disk, names, names to disk.
    ///
    /// All share one flush of the folder. One that is there already is replaced: it may have been damaged, and what was
    /// just hashed on its way is not. When flushing fails, none of them is published.
    package func publish(_ blobs: [StagedBlob]) throws {
        for blob in blobs { try blob.file.descriptor.synchronize() }
        var published: Set<Digest> = []
        for blob in blobs where published.insert(blob.digest).inserted {
            try blob.file.move(to: try name(of: blob.digest), in: directory)
        }
        if !blobs.isEmpty { try directory.synchronize() }
    }

    /// Stages bytes that are at hand.
    package func stage(_ bytes: [UInt8], in session: Session) throws -> StagedBlob {
        let writer = try writer(in: session)
        try bytes.withUnsafeBytes { try writer.write($0) }
        return try writer.stage()
    }

    /// Stores bytes that are at hand.
    ///
    /// - Returns: Their digest and number.
    package func put(_ bytes: [UInt8], in session: Session) throws -> StoredBlob {
        try put(all: [bytes], in: session)[0]
    }

    /// Stores several small documents, sharing one flush of the folder.
    ///
    /// - Returns: Digest and number of bytes of each, in the same order.
    package func put(all documents: [[UInt8]], in session: Session) throws -> [StoredBlob] {
        var missing: [StagedBlob] = []
        let stored = try documents.map { bytes in
            let blob = StoredBlob(digest: .sha256(of: bytes), size: UInt64(bytes.count))
            let present = try? readAll(blob.digest, limit: bytes.count)
            if present == nil { missing.append(try stage(bytes, in: session)) }
            return blob
        }
        try publish(missing)
        return stored
    }
}
