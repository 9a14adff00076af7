import ByteStrings
import GRDB
import FileModel
package import OCIModel
package import RemoteSources

extension StateDatabase: HTTPCacheStorage {
    /// The answer under the key of a URL; nil when there is none.
    ///
    /// Its bytes may have been removed from the store.
    ///
    /// - Throws: ``StateDatabaseError``.
    package func load(_ key: Digest) throws -> CachedResponse? {
        try access { database in
            let row = try database.row(
                """
                SELECT digest, size, file_name, modified_at, entity_tag, last_modified FROM responses WHERE url_key = ?
                """,
                [key.description]
            )
            guard let row else { return nil }
            var reader = RowReader(row)
            guard let digest = reader.digest(), let size = reader.size(), let name = reader.bytes() else { return nil }
            return CachedResponse(
                content: RemoteContent(
                    digest: digest,
                    size: size,
                    fileName: ByteString(name),
                    modified: reader.time()
                ),
                entityTag: reader.text(),
                lastModified: reader.text()
            )
        }
    }

    /// Remembers an answer instead of the one before.
    ///
    /// - Throws: ``StateDatabaseError``.
    package func save(_ response: CachedResponse, for key: Digest) throws {
        guard let size = Int64(exactly: response.content.size) else { return }
        try access { database in
            try database.run(
                """
                INSERT OR REPLACE INTO responses
                (url_key, digest, size, file_name, modified_at, entity_tag, last_modified)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    key.description, response.content.digest.description, size,
                    BlobArgument(response.content.fileName.bytes), response.content.modified?.seconds,
                    response.entityTag, response.lastModified,
                ]
            )
        }
    }
}
