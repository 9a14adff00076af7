package import ByteStrings
import GRDB
import LinuxSystem
import Synchronization

/// What the store knows: layers, results of steps, names of images, hashes of context files.
///
/// Losing it costs a cold cache and the names of images, never the right bytes. All calls block, and any thread may
/// make them; many processes may have the same database open.
package final class StateDatabase: Sendable {
    package let path: ByteString
    private let queue: Mutex<DatabaseQueue>
    private let recoveries = Mutex<[DatabaseWarning]>([])

    /// Opens the database at an absolute path of the host, and makes it when there is none.
    ///
    /// A damaged one is moved to `<path>.damaged` and a new one started; ``warnings`` then says so.
    ///
    /// - Throws: ``StateDatabaseError``.
    package static func open(_ path: ByteString) throws(StateDatabaseError) -> StateDatabase {
        do {
            return try StateDatabase(path: path, queue: DatabaseConnection.open(path), warnings: [])
        } catch {
            guard let reason = DatabaseConnection.damage(error) else { throw translate(error, path) }
            do {
                let replaced = try DatabaseConnection.replaceDamaged(path, reason: reason)
                return StateDatabase(path: path, queue: replaced.queue, warnings: replaced.warnings)
            } catch {
                throw translate(error, path)
            }
        }
    }

    private init(path: ByteString, queue: DatabaseQueue, warnings: [DatabaseWarning]) {
        self.path = path
        self.queue = Mutex(queue)
        recoveries.withLock { $0 = warnings }
    }

    /// What went wrong with the database since it was opened, and was put right.
    package var warnings: [DatabaseWarning] {
        recoveries.withLock(\.self)
    }

    /// What SQLite finds wrong with the file; empty means nothing.
    ///
    /// - Throws: ``StateDatabaseError``.
    package func problems() throws(StateDatabaseError) -> [String] {
        let queue = self.queue.withLock(\.self)
        do {
            return try queue.inDatabase { try String.fetchAll($0, sql: "PRAGMA quick_check") }.filter { $0 != "ok" }
        } catch {
            guard let reason = DatabaseConnection.damage(error) else { throw Self.translate(error, path) }
            return [reason]
        }
    }

    /// Runs statements on the connection; a database that turns out to be damaged is replaced, and they run once more.
    func access<Value>(_ body: (Database) throws -> Value) throws(StateDatabaseError) -> Value {
        let used = queue.withLock(\.self)
        do {
            return try used.inDatabase(body)
        } catch {
            guard let reason = DatabaseConnection.damage(error) else { throw Self.translate(error, path) }
            do {
                return try replace(used, reason: reason).inDatabase(body)
            } catch {
                throw Self.translate(error, path)
            }
        }
    }

    /// Runs statements in one transaction.
    func change<Value>(_ body: (Database) throws -> Value) throws(StateDatabaseError) -> Value {
        try access { database in
            var value: Value?
            try database.inTransaction(.immediate) {
                value = try body(database)
                return .commit
            }
            guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
            return value
        }
    }

    private func replace(_ damaged: DatabaseQueue, reason: String) throws -> DatabaseQueue {
        try queue.withLock { current in
            // Another thread was here first.
            if current !== damaged { return current }
            try? damaged.close()
            let replaced = try DatabaseConnection.replaceDamaged(path, reason: reason)
            recoveries.withLock { $0 += replaced.warnings }
            current = replaced.queue
            return replaced.queue
        }
    }

    private static func translate(_ error: any Error, _ path: ByteString) -> StateDatabaseError {
        switch error {
        case let error as StateDatabaseError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY: .busy(path: path)
        case let error as DatabaseError: .failed(path: path, reason: error.message ?? error.resultCode.description)
        case let error as SystemError: .failed(path: path, reason: error.description)
        default: .failed(path: path, reason: "\(error)")
        }
    }
}
