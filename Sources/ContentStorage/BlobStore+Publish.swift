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
    /// All share one flush of the folder. One that is there already is dropped, unless what is there has another size
    /// and so must be damaged. When flushing fails, none of them is published.
    package func publish(_ blobs: [StagedBlob]) throws {
        var missing: [StagedBlob] = []
        for blob in blobs where try size(of: blob.digest) != blob.size {
            try blob.file.descriptor.synchronize()
            missing.append(blob)
        }
        var published: Set<Digest> = []
        for blob in missing where published.insert(blob.digest).inserted {
            try blob.file.move(to: try name(of: blob.digest), in: directory)
        }
        // Also for those that were there: another process may have renamed them and not have come to its flush yet.
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
            if try size(of: blob.digest) != blob.size { missing.append(try stage(bytes, in: session)) }
            return blob
        }
        try publish(missing)
        return stored
    }
}
