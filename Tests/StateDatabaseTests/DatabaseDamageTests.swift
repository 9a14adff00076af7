import ByteStrings
import FileModel
import Foundation
import OCIModel
import RemoteSources
import StateDatabase
import TestSupport
import Testing

@Suite struct DatabaseDamageTests {
    private func fill(_ temporary: TemporaryDatabase) throws {
        let database = try temporary.open()
        for number in 0..<200 { try database.save(ResultRecord.example("\(number)")) }
        #expect(try database.problems().isEmpty)
    }

    /// Everything is in the file itself, as after a clean exit.
    private func closed(_ temporary: TemporaryDatabase) throws -> Data {
        try Data(contentsOf: temporary.url)
    }

    private func expectWorks(_ temporary: TemporaryDatabase) throws {
        let database = try temporary.open()
        try database.save(ResultRecord.example("fresh"))
        #expect(try database.result(definition: digest("definition fresh")) != nil)
        #expect(try database.problems().isEmpty)
    }

    @Test func whatIsNoDatabaseIsMovedAsideOnce() throws {
        let temporary = try TemporaryDatabase()
        let aside = ByteString(temporary.url.path + ".damaged")
        for round in 0..<3 {
            let garbage = Data("this is no database, round \(round)".utf8)
            try garbage.write(to: temporary.url)
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: temporary.url.path + suffix) }
            let database = try temporary.open()
            #expect(database.warnings.count == 1)
            guard case .startedAnew(let movedTo, _)? = database.warnings.first else { return }
            #expect(movedTo == aside)
            #expect(try Data(contentsOf: URL(fileURLWithPath: movedTo.description)) == garbage)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: temporary.folder.url.path)
        #expect(names.filter { $0.contains("damaged") } == ["state.db.damaged"])
        try expectWorks(temporary)
        #expect(try temporary.open().warnings.isEmpty)
    }

    @Test(arguments: [0, 1, 99, 100, 4095, 4096, 8192, 20_000])
    func aTruncatedDatabaseNeverStopsAnybody(length: Int) throws {
        let temporary = try TemporaryDatabase()
        try fill(temporary)
        let whole = try closed(temporary)
        #expect(whole.count > 20_000)
        try whole.prefix(length).write(to: temporary.url)
        let database = try temporary.open()
        _ = try database.results()
        _ = try database.images()
        try expectWorks(temporary)
    }

    @Test(arguments: 1..<12)
    func aPageOfGarbageNeverStopsAnybody(page: Int) throws {
        let temporary = try TemporaryDatabase()
        try fill(temporary)
        var bytes = try closed(temporary)
        let start = min(page * 4096, bytes.count - 4096)
        bytes.replaceSubrange(start..<(start + 4096), with: Data(repeating: 0xa5, count: 4096))
        try bytes.write(to: temporary.url)
        let database = try temporary.open()
        for number in 0..<200 {
            _ = try database.result(definition: digest("definition \(number)"))
            _ = try database.hasResults(operation: digest("operation \(number)"))
        }
        _ = try database.results()
        _ = try (database.layers(), database.images(), database.archiveManifests(), database.load(key: "x"))
        try database.save(ResultRecord.example("fresh"))
        #expect(try database.result(definition: digest("definition fresh")) != nil)
    }

    @Test func tablesThatAreGoneAreMadeAgain() throws {
        let temporary = try TemporaryDatabase()
        try fill(temporary)
        try sqlite(temporary, "DROP TABLE results")
        let database = try temporary.open()
        #expect(try database.results().isEmpty)
        #expect(database.warnings.count == 1)
        try expectWorks(temporary)
    }

    @Test(arguments: [
        "UPDATE results SET operation_key = 'sha256:short'",
        "UPDATE results SET epoch_nanoseconds = -1",
        "UPDATE results SET epoch_nanoseconds = 1000000000",
        "UPDATE results SET diff_id = ''",
        "UPDATE results SET content_key = 'x'",
    ])
    func aGarbledRecordIsAsGoodAsNone(change: String) throws {
        let temporary = try TemporaryDatabase()
        try fill(temporary)
        try sqlite(temporary, change)
        #expect(try temporary.open().result(definition: digest("definition 7")) == nil)
        #expect(try temporary.open().results().isEmpty)
    }

    @Test func aNewerDatabaseIsRefusedAndLeftAlone() throws {
        let temporary = try TemporaryDatabase()
        try fill(temporary)
        try sqlite(temporary, "PRAGMA user_version = 9")
        #expect(throws: StateDatabaseError.newerVersion(found: 9, path: temporary.path)) { _ = try temporary.open() }
        try sqlite(temporary, "PRAGMA user_version = 2")
        #expect(try temporary.open().results().count == 200)
    }

    @Test func aDatabaseOfTheFirstVersionGetsTheLaterTablesAndKeepsWhatItHas() throws {
        let temporary = try TemporaryDatabase()
        try fill(temporary)
        for change in ["DROP TABLE responses", "PRAGMA user_version = 1"] { try sqlite(temporary, change) }
        let database = try temporary.open()
        let content = RemoteContent(
            digest: digest("body"),
            size: 4,
            fileName: "\u{e9}/",
            modified: Timestamp(seconds: -5)
        )
        let answer = CachedResponse(content: content, entityTag: "\"tag\"", lastModified: nil)
        try database.save(answer, for: digest("url"))
        #expect(try temporary.open().load(digest("url")) == answer)
        #expect(try temporary.open().load(digest("another url")) == nil)
        #expect(try temporary.open().results().count == 200)
        #expect(database.warnings.isEmpty)
    }

    @Test func aFolderThatIsMissingIsAnErrorAndNotDamage() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StateDatabaseError.self) {
            _ = try StateDatabase.open(ByteString(folder.url.path + "/none/state.db"))
        }
    }

    @Test func manyOpenersAndWritersAtOnceAgree() async throws {
        let temporary = try TemporaryDatabase()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<16 {
                group.addTask {
                    let database = try temporary.open()
                    for number in 0..<10 { try database.save(ResultRecord.example("\(writer)/\(number)")) }
                    #expect(database.warnings.isEmpty)
                }
            }
            try await group.waitForAll()
        }
        #expect(try temporary.open().results().count == 160)
    }

    @Test func openingACurrentDatabaseWritesNothing() throws {
        let temporary = try TemporaryDatabase()
        let database = try temporary.open()
        try database.save(ResultRecord.example("a"))
        let before = try FileManager.default.attributesOfItem(atPath: temporary.url.path + "-wal")[.size] as? Int
        let second = try temporary.open()
        try second.markUsed([digest("definition a")], at: ResultRecord.example("a").lastUsed)
        _ = try second.results()
        let after = try FileManager.default.attributesOfItem(atPath: temporary.url.path + "-wal")[.size] as? Int
        #expect(before == after)
        #expect(before != nil)
        withExtendedLifetime(database) {}
    }

    private func sqlite(_ temporary: TemporaryDatabase, _ statement: String) throws {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit(); c.close()",
            temporary.url.path, statement,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
