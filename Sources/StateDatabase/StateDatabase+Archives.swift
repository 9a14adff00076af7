package import ByteStrings
package import OCIModel
import GRDB

extension StateDatabase {
    /// The manifest that an archive gave when it was imported, by a key that says which archive and which image in it.
    package func archive(_ key: ByteString) throws(StateDatabaseError) -> Digest? {
        try access { database in
            guard
                let row = try database.row(
                    "SELECT manifest_digest FROM archives WHERE key = ?",
                    [BlobArgument(key.bytes)]
                )
            else { return nil }
            var reader = RowReader(row)
            return reader.digest()
        }
    }

    /// Records which manifest an archive gave, once all of its blobs are published.
    package func saveArchive(_ key: ByteString, manifest: Digest) throws(StateDatabaseError) {
        try access { database in
            try database.run(
                "INSERT OR REPLACE INTO archives (key, manifest_digest) VALUES (?, ?)",
                [BlobArgument(key.bytes), manifest.description]
            )
        }
    }

    /// The manifests of all imported archives.
    package func archiveManifests() throws(StateDatabaseError) -> Set<Digest> {
        try access { database in
            Set(
                try database.rows("SELECT DISTINCT manifest_digest FROM archives").compactMap { row in
                    var reader = RowReader(row)
                    return reader.digest()
                }
            )
        }
    }

    /// Forgets archives that gave this manifest, before it is removed.
    package func forgetArchives(of manifest: Digest) throws(StateDatabaseError) {
        try access { database in
            try database.run("DELETE FROM archives WHERE manifest_digest = ?", [manifest.description])
        }
    }
}
