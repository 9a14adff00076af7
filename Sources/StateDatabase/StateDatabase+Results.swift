package import FileModel
package import OCIModel
import GRDB

extension StateDatabase {
    /// The result of the very same step on the very same inputs, if there is one.
    package func result(definition key: Digest) throws(StateDatabaseError) -> ResultRecord? {
        try newestResult("definition_key", key)
    }

    /// The newest result of the same operation on inputs of the same content, if there is one.
    package func result(content key: Digest) throws(StateDatabaseError) -> ResultRecord? {
        try newestResult("content_key", key)
    }

    /// The newest result of the same operation on any inputs, to explain a miss by; nil when there is none.
    package func result(operation key: Digest) throws(StateDatabaseError) -> ResultRecord? {
        try newestResult("operation_key", key)
    }

    /// Whether the operation ever ran, on whatever inputs: without that a content key need not be computed.
    package func hasResults(operation key: Digest) throws(StateDatabaseError) -> Bool {
        try access { database in
            try database.hasRow("SELECT 1 FROM results WHERE operation_key = ? LIMIT 1", [key.description])
        }
    }

    /// All results, the least recently used first.
    package func results() throws(StateDatabaseError) -> [ResultRecord] {
        try access { database in
            try database.rows("SELECT \(ResultRecord.columns) FROM results ORDER BY last_used_at, definition_key")
                .compactMap(ResultRecord.init)
        }
    }

    /// Records a result whose layer is recorded, in place of one with the same definition key.
    package func save(_ result: ResultRecord) throws(StateDatabaseError) {
        try access { try $0.save(result) }
    }

    /// Records a result together with the layer it needs: both, or neither.
    ///
    /// As ``save(_:)`` of each of them, in one transaction.
    ///
    /// - Returns: The tree that the layer has now: its own, or one that was recorded before.
    @discardableResult
    package func save(_ result: ResultRecord, with layer: LayerRecord) throws(StateDatabaseError) -> TreeRecord? {
        try change { database in
            try database.save(layer)
            try database.save(result)
            return try database.layer(layer.diffID)?.tree
        }
    }

    /// Records that results were used.
    ///
    /// Those that were used less than an hour before stay as they are, so that a build which found everything in the
    /// cache writes nothing.
    package func markUsed(_ definitions: [Digest], at time: Timestamp) throws(StateDatabaseError) {
        let enough = time.seconds.subtractingReportingOverflow(3600)
        let oldest = enough.overflow ? Int64.min : enough.partialValue
        let outdated = try access { database in
            try definitions.filter { key in
                try database.row(
                    "SELECT 1 FROM results WHERE definition_key = ? AND last_used_at < ?",
                    [key.description, oldest]
                ) != nil
            }
        }
        if outdated.isEmpty { return }
        try change { database in
            for key in outdated {
                try database.run(
                    "UPDATE results SET last_used_at = MAX(last_used_at, ?) WHERE definition_key = ?",
                    [time.seconds, key.description]
                )
            }
        }
    }

    /// Forgets results.
    package func forget(results definitions: some Sequence<Digest>) throws(StateDatabaseError) {
        try change { database in
            for key in definitions {
                try database.run("DELETE FROM results WHERE definition_key = ?", [key.description])
            }
        }
    }

    private func newestResult(_ column: String, _ key: Digest) throws(StateDatabaseError) -> ResultRecord? {
        try access { database in
            try database.row(
                """
                SELECT \(ResultRecord.columns) FROM results WHERE \(column) = ?
                ORDER BY created_at DESC, last_used_at DESC, definition_key LIMIT 1
                """,
                [key.description]
            ).flatMap(ResultRecord.init)
        }
    }
}

extension Database {
    fileprivate func save(_ result: ResultRecord) throws {
        try run(
            """
            INSERT OR REPLACE INTO results (\(ResultRecord.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            result.arguments
        )
    }
}
