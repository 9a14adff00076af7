import ByteStrings
import GRDB
import LinuxSystem
import SystemPackage

/// Opening the file, and starting anew when it is damaged.
enum DatabaseConnection {
    /// Seconds that a statement waits for another process.
    private static let patience = 10.0

    /// Opens the database and makes its tables when it has none.
    static func open(_ path: ByteString) throws -> DatabaseQueue {
        let queue = try connect(path)
        let found = try queue.inDatabase(Schema.found)
        if found > Schema.version { throw StateDatabaseError.newerVersion(found: found, path: path) }
        if found == Schema.version { return queue }

        // SQLite does not wait for others while it changes the journal mode, so one process at a time makes tables.
        let lock = try FileLock.exclusive(lockPath(path))
        try queue.inDatabase { database in
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            try Schema.create(in: database)
        }
        withExtendedLifetime(lock) {}
        return queue
    }

    private static func connect(_ path: ByteString) throws -> DatabaseQueue {
        guard let text = path.validatedString else { throw StateDatabaseError.pathIsNotUTF8(path) }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(patience)
        configuration.label = "state"
        // The journal mode is kept in the file; asking GRDB for it would cost a write on every opening.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        return try DatabaseQueue(path: text, configuration: configuration)
    }

    /// What an error says about damage of the file; nil for every other kind of error.
    static func damage(_ error: any Error) -> String? {
        guard let error = error as? DatabaseError else { return nil }
        let message = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: return message
        // All statements are written for the schema, so a schema without their tables has been damaged.
        case .SQLITE_ERROR where message.hasPrefix("no such table") || message.hasPrefix("no such column"):
            return message
        default: return nil
        }
    }

    /// Moves a damaged database aside and starts a new one, unless another process has just done so.
    static func replaceDamaged(
        _ path: ByteString,
        reason: String
    ) throws -> (queue: DatabaseQueue, warnings: [DatabaseWarning]) {
        if let queue = try soundOrMovedAside(path) { return (queue, []) }
        let aside: ByteString = path + ByteString(".damaged")
        return (try open(path), [.startedAnew(movedTo: aside, reason: reason)])
    }

    /// The database, when another process has replaced it meanwhile; nil when it has been moved aside.
    private static func soundOrMovedAside(_ path: ByteString) throws -> DatabaseQueue? {
        let lock = try FileLock.exclusive(lockPath(path))
        let sound = try? connect(path)
        let isUsable = sound.map(isSound) ?? false
        if !isUsable { try moveAside(path) }
        withExtendedLifetime(lock) {}
        return isUsable ? sound : nil
    }

    private static func isSound(_ queue: DatabaseQueue) -> Bool {
        let answer = try? queue.inDatabase { database in
            guard try Schema.found(in: database) == Schema.version else { return "no tables" }
            for table in ["layers", "results", "images", "stat_cache", "archives", "responses"] {
                _ = try Row.fetchOne(database, sql: "SELECT 1 FROM \(table)")
            }
            return try String.fetchOne(database, sql: "PRAGMA quick_check")
        }
        return answer == "ok"
    }

    /// Keeps one damaged copy, the newest.
    ///
    /// Its log goes along: SQLite would play it into the new database.
    private static func moveAside(_ path: ByteString) throws {
        let name = path.lastPathComponent
        let folder = try OwnedDescriptor.openDirectory(ByteString("/") + path.pathComponents.dropLast().joinedAsPath)
        try folder.removeTree(name + ByteString("-shm"))
        let damaged: ByteString = name + ByteString(".damaged")
        for suffix: ByteString in ["-wal", ""] {
            try folder.removeTree(damaged + suffix)
            if try folder.statusIfPresent(of: name + suffix) != nil {
                try folder.rename(name + suffix, to: damaged + suffix, in: folder)
            }
        }
    }

    private static func lockPath(_ path: ByteString) -> ByteString {
        path + ByteString(".lock")
    }
}
