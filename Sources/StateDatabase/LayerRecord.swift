package import FileModel
package import OCIModel
import ByteStrings
import GRDB

/// A layer of the store: the blob that holds it, and the tree it was unpacked to.
package struct LayerRecord: Hashable, Sendable {
    /// The digest of the uncompressed layer.
    package var diffID: DiffID

    /// Media type, digest and size of the blob, as a manifest names it.
    package var blob: Descriptor

    /// Nil while nobody needed the layer's files.
    package var tree: TreeRecord?

    /// In whole seconds.
    package var created: Timestamp

    package init(diffID: DiffID, blob: Descriptor, tree: TreeRecord? = nil, created: Timestamp) {
        self.diffID = diffID
        self.blob = blob
        self.tree = tree
        self.created = created
    }
}

extension LayerRecord {
    static let columns = "diff_id, blob_digest, blob_size, media_type, tree_id, tree_boot_id, created_at"

    /// Nil for a row that cannot be read; it is as good as none.
    init?(_ row: Row) {
        var reader = RowReader(row)
        guard let diffID = reader.digest(), let blob = reader.digest(), let size = reader.size(),
            let mediaType = reader.text()
        else { return nil }
        let treeID = reader.bytes()
        let bootID = reader.text()
        guard let created = reader.time() else { return nil }
        self.init(
            diffID: DiffID(diffID),
            blob: Descriptor(mediaType: MediaType(rawValue: mediaType), digest: blob, size: size),
            tree: treeID.map { TreeRecord(id: ByteString($0), bootID: bootID) },
            created: created
        )
    }

    var arguments: StatementArguments {
        [
            diffID.digest.description, blob.digest.description, Int64(clamping: blob.size), blob.mediaType.rawValue,
            tree.map { BlobArgument($0.id.bytes) }, tree?.bootID, created.seconds,
        ]
    }
}
