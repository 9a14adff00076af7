import BuildPlanning
import ByteStrings
import ContentStorage
import FileModel
import Foundation
import LinuxSystem
import Testing

@testable import BuildSolving

@Suite struct StepLogTests {
    private func content(_ path: ByteString?) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: try #require(path).description))
    }

    @Test func whatACommandWritesIsKept() throws {
        let fixture = try SolverFixture()
        let log = BuildLog(fixture.directory, fixture.session).step(3)
        #expect(log.path == nil, "a command that is silent has no file")
        log.add(Array("one\n".utf8))
        log.add([])
        log.add([0xff, 0x00, 0x0a])
        log.finish()
        let path = try #require(log.path)
        #expect(path == fixture.directory.logsPath.appendingPath(fixture.session.id).appendingPath("3.log"))
        #expect(try content(path) == Data("one\n".utf8) + Data([0xff, 0x00, 0x0a]))
    }

    @Test func ofALongOneTheBeginningAndTheEndAreKept() throws {
        let fixture = try SolverFixture()
        let log = BuildLog(fixture.directory, fixture.session).step(1)
        let chunk = [UInt8](repeating: 0x61, count: 1 << 20)
        for _ in 0..<80 { log.add(chunk) }
        log.add(Array("the end".utf8))
        log.finish()
        let content = try content(log.path)
        #expect(content.count < StepLog.mostBytes + StepLog.tailBytes + 100)
        #expect(content.suffix(7) == Data("the end".utf8))
        let omitted = 80 << 20 + 7 - StepLog.mostBytes - StepLog.tailBytes
        #expect(content.range(of: Data("\n[slipway leaves out \(omitted) bytes here]\n".utf8)) != nil)
    }

    @Test func whatJustFitsIsWhole() throws {
        let fixture = try SolverFixture()
        let log = BuildLog(fixture.directory, fixture.session).step(1)
        let size = StepLog.mostBytes + StepLog.tailBytes
        log.add([UInt8](repeating: 0x61, count: size - 3))
        log.add(Array("end".utf8))
        log.finish()
        let content = try content(log.path)
        #expect(content.count == size)
        #expect(content.suffix(3) == Data("end".utf8))
    }

    @Test func aLogThatCannotBeWrittenHurtsNobody() throws {
        let fixture = try SolverFixture()
        try OwnedDescriptor.openDirectory(fixture.directory.root).removeTree("logs")
        let log = BuildLog(fixture.directory, fixture.session).step(1)
        log.add([1])
        log.add([2])
        log.finish()
        #expect(log.path == nil)
    }

    @Test func logsOfOldBuildsGo() throws {
        let fixture = try SolverFixture()
        let logs = try OwnedDescriptor.openDirectory(fixture.directory.logsPath)
        for number in 0..<(BuildLog.mostBuilds + 5) {
            let name = ByteString("build-\(number)")
            try logs.makeDirectory(name, permissions: 0o700)
            try logs.setModified(.init(seconds: Int64(1000 + number)), of: name)
        }
        // The oldest of all is of a build that still runs.
        let running = try fixture.directory.makeSession()
        try logs.makeDirectory(running.id, permissions: 0o700)
        try logs.setModified(.init(seconds: 1), of: running.id)
        BuildLog(fixture.directory, fixture.session).step(1).add([1])
        let left = try fixture.names(in: fixture.directory.logsPath)
        #expect(left.count == BuildLog.mostBuilds)
        #expect(left.contains(running.id) && left.contains(fixture.session.id))
        #expect(!left.contains("build-0") && left.contains(ByteString("build-\(BuildLog.mostBuilds + 4)")))
    }

    @Test(.containers) func aFailureNamesItsLog() async throws {
        let fixture = try ExecFixture()
        let error = await #expect(throws: SolveError.self) {
            try await fixture.run([.running("echo before; echo after >&2; exit 4")])
        }
        guard case .commandFailed(_, _, _, let lines, let file, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(lines == ["before", "after"])
        #expect(try content(file) == Data("before\nafter\n".utf8))
    }

    @Test(.containers) func muchOutputIsReadToItsEnd() async throws {
        let fixture = try ExecFixture()
        let line: ByteString = "busybox head -c 100000000 /dev/zero; echo; echo last"
        try await fixture.run([.running(line)])
        #expect(fixture.text.utf8.count == 100_000_006)
    }
}
