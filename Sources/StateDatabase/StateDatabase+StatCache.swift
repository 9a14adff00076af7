import BuildContexts
import GRDB

extension StateDatabase: StatCacheStorage {
    /// The bytes saved under `key`, or nil when there are none.
    ///
    /// - Throws: ``StateDatabaseError``.
    package func load(key: String) throws -> [UInt8]? {
        try access { database in
            guard let row = try database.row("SELECT data FROM stat_cache WHERE key = ?", [key]) else { return nil }
            var reader = RowReader(row)
            return reader.bytes()
        }
    }

    /// Replaces the bytes saved under `key`.
    ///
    /// - Throws: ``StateDatabaseError``.
    package func save(key: String, _ data: [UInt8]) throws {
        try access { database in
            try database.run("INSERT OR REPLACE INTO stat_cache (key, data) VALUES (?, ?)", [key, BlobArgument(data)])
        }
    }

    /// The keys under which bytes are saved.
    package func statCacheKeys() throws(StateDatabaseError) -> [String] {
        try access { try String.fetchAll($0, sql: "SELECT key FROM stat_cache ORDER BY key") }
    }

    /// Forgets the bytes saved under `key`.
    package func removeStatCache(key: String) throws(StateDatabaseError) {
        try access { try $0.run("DELETE FROM stat_cache WHERE key = ?", [key]) }
    }
}
