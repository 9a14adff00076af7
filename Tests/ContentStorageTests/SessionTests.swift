import ByteStrings
import ContentStorage
import FileModel
import Foundation
import LinuxSystem
import TestSupport
import Testing

@Suite struct SessionTests {
    /// Makes a tree as a session would, with a file in it.
    private func makeTree(_ id: ByteString, in temporary: TemporaryState) throws {
        let tree = temporary.url("trees/\(id)/fs/deep")
        try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: tree.appendingPathComponent("file"))
    }

    /// What a killed process leaves: a session folder whose lock nobody holds, and its trees.
    private func abandon(_ id: String, trees: [String], in temporary: TemporaryState) throws {
        let folder = temporary.url("tmp/\(id)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("work/inner"),
            withIntermediateDirectories: true
        )
        try Data().write(to: folder.appendingPathComponent("lock"))
        try Data("half a blob".utf8).write(to: folder.appendingPathComponent("file-0"))
        for tree in trees { try makeTree(ByteString(tree), in: temporary) }
    }

    @Test func aSessionHasAFolderOfItsOwnUntilItGoesAway() throws {
        let temporary = try TemporaryState()
        do {
            let first = try temporary.state.makeSession()
            let second = try temporary.state.makeSession()
            #expect(first.id != second.id)
            #expect(first.id.count == 16)
            #expect(try temporary.names(in: "tmp") == [first.id.description, second.id.description].sorted())
        }
        #expect(try temporary.names(in: "tmp").isEmpty)
    }

    @Test func aLiveSessionIsNotSwept() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let tree = session.makeTreeID()
        try makeTree(tree, in: temporary)
        let report = try temporary.state.sweep { _ in false }
        #expect(report == SweepReport())
        #expect(try temporary.names(in: "tmp") == [session.id.description])
        #expect(try temporary.names(in: "trees") == [tree.description])
        withExtendedLifetime(session) {}
    }

    @Test func aDeadSessionIsSweptWithItsUnrecordedTrees() throws {
        let temporary = try TemporaryState()
        let id = "00112233445566aa"
        try abandon(id, trees: ["\(id)-0", "\(id)-1", "00112233445566ab-0"], in: temporary)
        let report = try temporary.state.sweep { $0 == ByteString("\(id)-1") }
        #expect(report.sessions == 1)
        #expect(report.trees == 1)
        #expect(report.failures.isEmpty)
        #expect(try temporary.names(in: "tmp").isEmpty)
        #expect(try temporary.names(in: "trees") == ["\(id)-1", "00112233445566ab-0"])
    }

    @Test func aKilledProcessIsSweptAndALiveOneIsNot() throws {
        let temporary = try TemporaryState()
        let id = "fedcba9876543210"
        try abandon(id, trees: ["\(id)-0"], in: temporary)
        // Another process that holds the lock, as a second build would.
        let holder = ChildProcess()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        holder.arguments = [temporary.url("tmp/\(id)/lock").path, "sh", "-c", "echo held; exec cat"]
        let (input, output) = (Foundation.Pipe(), Foundation.Pipe())
        holder.standardInput = input
        holder.standardOutput = output
        try holder.run()
        _ = output.fileHandleForReading.availableData
        #expect(try temporary.state.sweep { _ in false } == SweepReport())
        #expect(try temporary.names(in: "trees") == ["\(id)-0"])

        try input.fileHandleForWriting.close()
        holder.waitUntilExit()
        #expect(try temporary.state.sweep { _ in false }.sessions == 1)
        #expect(try temporary.names(in: "trees").isEmpty)
    }

    @Test func aSweepThatFailsToAskLeavesEverything() throws {
        struct Unanswered: Error {}
        let temporary = try TemporaryState()
        let id = "00112233445566aa"
        try abandon(id, trees: ["\(id)-0"], in: temporary)
        #expect(throws: Unanswered.self) { try temporary.state.sweep { _ in throw Unanswered() } }
        #expect(try temporary.names(in: "tmp") == [id])
        #expect(try temporary.names(in: "trees") == ["\(id)-0"])
    }

    @Test func strayFilesAreSwept() throws {
        let temporary = try TemporaryState()
        try Data().write(to: temporary.url("tmp/stray"))
        try temporary.state.sweep { _ in true }
        #expect(try temporary.names(in: "tmp").isEmpty)
    }

    @Test func endingRemovesTreesThatWereNotRecorded() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let (kept, dropped, unused) = (session.makeTreeID(), session.makeTreeID(), session.makeTreeID())
        for tree in [kept, dropped] { try makeTree(tree, in: temporary) }
        try session.end { $0 == kept }
        #expect(Set([kept, dropped, unused]).count == 3)
        #expect(try temporary.names(in: "trees") == [kept.description])
        #expect(try temporary.names(in: "tmp").isEmpty)
    }

    @Test func theEndAsksAboutNoTreeThatIsKnownToBeKeptOrUnused() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let (kept, other) = (session.makeTreeID(), session.makeTreeID())
        for tree in [kept, other] { try makeTree(tree, in: temporary) }
        session.keepTree(kept)
        try session.prepareChangeFolders()
        var asked: [ByteString] = []
        try session.end { tree in
            asked.append(tree)
            return false
        }
        #expect(asked == [other])
        #expect(try temporary.names(in: "trees") == [kept.description])
        #expect(try temporary.names(in: "tmp").isEmpty)
    }

    @Test(arguments: [false, true]) func foldersForChangesAreEmptyAndEachGivenOnce(isPrepared: Bool) throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        var given: [ChangeFolders] = []
        for permissions: UInt16 in [0o1777, 0o700, 0o755] {
            if isPrepared {
                try session.prepareChangeFolders()
                try session.prepareChangeFolders()
            }
            let folders = try session.makeChangeFolders(owner: geteuid(), group: getegid(), permissions: permissions)
            let path = temporary.state.treesPath.appendingPath(folders.tree)
            #expect(try FileStatus.at(hostPath: path, followingLinks: false)?.permissions == permissions)
            #expect(try temporary.names(in: "trees/\(folders.tree)").isEmpty)
            #expect(try temporary.names(in: "tmp/\(session.id)/\(folders.work)").isEmpty)
            given.append(folders)
        }
        #expect(Set(given.map(\.tree)).count == 3)
        #expect(Set(given.map(\.work)).count == 3)
        try session.removeWork(of: given[1])
        #expect(try !temporary.names(in: "tmp/\(session.id)").contains(given[1].work.description))
        #expect(try temporary.names(in: "trees").contains(given[1].tree.description))
        // One that was made ahead in vain goes as well.
        try session.prepareChangeFolders()
        try session.end { $0 == given[0].tree }
        #expect(try temporary.names(in: "trees") == [given[0].tree.description])
        #expect(try temporary.names(in: "tmp").isEmpty)
    }

    @Test func aForgottenSessionWithTreesIsLeftToTheSweep() throws {
        let temporary = try TemporaryState()
        do {
            let session = try temporary.state.makeSession()
            try makeTree(session.makeTreeID(), in: temporary)
        }
        #expect(try temporary.names(in: "tmp").count == 1)
        #expect(try temporary.state.sweep { _ in false } == SweepReport(sessions: 1, trees: 1))
        #expect(try temporary.names(in: "trees").isEmpty)
    }

    @Test func removingATreeNeedsNoTree() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let tree = session.makeTreeID()
        try makeTree(tree, in: temporary)
        #expect(try temporary.state.treeIDs() == [tree])
        try temporary.state.removeTree(tree, in: session)
        try temporary.state.removeTree(tree, in: session)
        #expect(try temporary.state.treeIDs().isEmpty)
        #expect(try temporary.names(in: "tmp/\(session.id)") == ["lock"])
    }

    @Test func temporaryFilesGoWithTheirOwner() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        do {
            let file = try session.makeFile()
            try file.descriptor.write(Array("abc".utf8))
            #expect(try file.openForReading().readAll(limit: 10) == Array("abc".utf8))
            #expect(FileManager.default.fileExists(atPath: file.path.description))
        }
        #expect(try temporary.names(in: "tmp/\(session.id)") == ["lock"])
    }
}
