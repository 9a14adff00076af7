import GRDB

/// The tables, and how they come to be.
enum Schema {
    /// Kept as `PRAGMA user_version`; reading it is all that opening a current database costs.
    static let version = Int64(steps.count)

    /// What leads from each version to the next one; a step that was released once stays as it is.
    ///
    /// Digests are text such as `sha256:…`; times are whole seconds since 1970 unless a column says otherwise.
    private static let steps = [firstTables, responses]

    private static let firstTables = """
        CREATE TABLE layers (
            diff_id TEXT NOT NULL PRIMARY KEY,
            blob_digest TEXT NOT NULL,
            blob_size INTEGER NOT NULL,
            media_type TEXT NOT NULL,
            tree_id BLOB,
            tree_boot_id TEXT,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX layers_by_blob ON layers (blob_digest);

        CREATE TABLE results (
            definition_key TEXT NOT NULL PRIMARY KEY,
            operation_key TEXT NOT NULL,
            content_key TEXT,
            diff_id TEXT,
            epoch_seconds INTEGER NOT NULL,
            epoch_nanoseconds INTEGER NOT NULL,
            inputs BLOB NOT NULL,
            description TEXT NOT NULL,
            duration_milliseconds INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX results_by_operation ON results (operation_key);
        CREATE INDEX results_by_content ON results (content_key) WHERE content_key IS NOT NULL;

        CREATE TABLE images (
            name TEXT NOT NULL PRIMARY KEY,
            manifest_digest TEXT NOT NULL,
            media_type TEXT NOT NULL,
            size INTEGER NOT NULL,
            config_digest TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE stat_cache (
            key TEXT NOT NULL PRIMARY KEY,
            data BLOB NOT NULL
        ) STRICT;

        CREATE TABLE archives (
            key BLOB NOT NULL PRIMARY KEY,
            manifest_digest TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let responses = """
        CREATE TABLE responses (
            url_key TEXT NOT NULL PRIMARY KEY,
            digest TEXT NOT NULL,
            size INTEGER NOT NULL,
            file_name BLOB NOT NULL,
            modified_at INTEGER,
            entity_tag TEXT,
            last_modified TEXT
        ) STRICT, WITHOUT ROWID;
        """

    /// The version of the tables in a database; 0 when it has none.
    static func found(in database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }

    /// Makes the tables that a database lacks, all of them or, when this is interrupted, not one.
    static func create(in database: Database) throws {
        try database.inTransaction(.immediate) {
            for (number, step) in zip(1..., steps) where try found(in: database) < number {
                try database.execute(sql: step)
                try database.execute(sql: "PRAGMA user_version = \(number)")
            }
            return .commit
        }
    }
}
