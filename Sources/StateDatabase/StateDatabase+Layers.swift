package import ByteStrings
package import OCIModel
import GRDB

extension StateDatabase {
    /// The layer whose uncompressed bytes have this digest, if it is known.
    package func layer(_ diffID: DiffID) throws(StateDatabaseError) -> LayerRecord? {
        try access { try $0.layer(diffID) }
    }

    /// The layer that the blob `digest` holds, if it is known.
    package func layer(blob digest: Digest) throws(StateDatabaseError) -> LayerRecord? {
        try access { database in
            try database.row(
                "SELECT \(LayerRecord.columns) FROM layers WHERE blob_digest = ?",
                [digest.description]
            ).flatMap(LayerRecord.init)
        }
    }

    /// All layers, in the order of their digests.
    package func layers() throws(StateDatabaseError) -> [LayerRecord] {
        try access { database in
            try database.rows("SELECT \(LayerRecord.columns) FROM layers ORDER BY diff_id").compactMap(LayerRecord.init)
        }
    }

    /// Records a layer whose blob is published; of one that is known, the blob is replaced.
    ///
    /// A tree that is recorded already stays, for others may be using it: record trees with
    /// ``record(_:for:replacing:)``.
    package func save(_ layer: LayerRecord) throws(StateDatabaseError) {
        try access { try $0.save(layer) }
    }

    /// Records a layer unless it is known, whatever its blob.
    package func saveIfAbsent(_ layer: LayerRecord) throws(StateDatabaseError) {
        try saveIfAbsent([layer])
    }

    /// Records those layers that are not known, whatever their blobs: all of them or, when this fails, none.
    package func saveIfAbsent(_ layers: [LayerRecord]) throws(StateDatabaseError) {
        if layers.isEmpty { return }
        try change { database in
            for layer in layers {
                try database.run(
                    "INSERT OR IGNORE INTO layers (\(LayerRecord.columns)) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    layer.arguments
                )
            }
        }
    }

    /// Records the tree of a known layer, if it has none or still the one called `outdated`.
    ///
    /// - Returns: The tree that is recorded now: this one, or that of somebody who was faster, with this one then being
    ///   rubbish. Nil when the layer is not known.
    package func record(
        _ tree: TreeRecord,
        for diffID: DiffID,
        replacing outdated: ByteString? = nil
    ) throws(StateDatabaseError) -> TreeRecord? {
        try change { database in
            try database.run(
                """
                UPDATE layers SET tree_id = ?, tree_boot_id = ?
                WHERE diff_id = ? AND (tree_id IS NULL OR tree_id = ?)
                """,
                [
                    BlobArgument(tree.id.bytes), tree.bootID, diffID.digest.description,
                    outdated.map { BlobArgument($0.bytes) },
                ]
            )
            return try database.layer(diffID)?.tree
        }
    }

    /// Records that a tree is on stable storage now.
    package func markFlushed(_ treeID: ByteString) throws(StateDatabaseError) {
        try access { database in
            try database.run("UPDATE layers SET tree_boot_id = NULL WHERE tree_id = ?", [BlobArgument(treeID.bytes)])
        }
    }

    /// Whether a layer has this tree.
    package func isRecorded(tree id: ByteString) throws(StateDatabaseError) -> Bool {
        try access { database in
            try database.hasRow("SELECT 1 FROM layers WHERE tree_id = ?", [BlobArgument(id.bytes)])
        }
    }

    /// Forgets the tree of a layer, before it is removed.
    package func forgetTree(of diffID: DiffID) throws(StateDatabaseError) {
        try access { database in
            try database.run(
                "UPDATE layers SET tree_id = NULL, tree_boot_id = NULL WHERE diff_id = ?",
                [diffID.digest.description]
            )
        }
    }

    /// Forgets layers and the results that need them, before their blobs and trees are removed.
    package func forget(layers: some Sequence<DiffID>) throws(StateDatabaseError) {
        try change { database in
            for diffID in layers {
                try database.run("DELETE FROM results WHERE diff_id = ?", [diffID.digest.description])
                try database.run("DELETE FROM layers WHERE diff_id = ?", [diffID.digest.description])
            }
        }
    }
}

extension Database {
    func layer(_ diffID: DiffID) throws -> LayerRecord? {
        try row("SELECT \(LayerRecord.columns) FROM layers WHERE diff_id = ?", [diffID.digest.description])
            .flatMap(LayerRecord.init)
    }

    func save(_ layer: LayerRecord) throws {
        try run(
            """
            INSERT INTO layers (\(LayerRecord.columns)) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (diff_id) DO UPDATE SET
                blob_digest = excluded.blob_digest,
                blob_size = excluded.blob_size,
                media_type = excluded.media_type,
                tree_boot_id = CASE WHEN tree_id IS NULL THEN excluded.tree_boot_id ELSE tree_boot_id END,
                tree_id = COALESCE(tree_id, excluded.tree_id)
            """,
            layer.arguments
        )
    }
}
