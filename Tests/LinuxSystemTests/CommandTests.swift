import ByteStrings
import Foundation
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite struct CommandTests {
    private static func shell(_ script: String) -> Command {
        Command("/bin/sh", ["-c", ByteString(script)], environment: ["PATH=/usr/bin:/bin", "NAME=a b"])
    }

    @Test func outputErrorsAndStatusComeBack() async throws {
        var command = Self.shell("cat; echo \"$NAME $#\" >&2; exit 3")
        command.input = Array("in".utf8)
        let result = try await command.run()
        #expect(result.status == .code(3))
        #expect(result.output == Array("in".utf8))
        #expect(result.errors == Array("a b 0\n".utf8))
        #expect(try await Self.shell("kill -9 $$").run().status == .signal(.kill))
    }

    @Test func nothingButItsOwnVariablesAndDescriptorsReachIt() async throws {
        let leaked = open("/etc/passwd", O_RDONLY)
        defer { close(leaked) }
        let list = try await Self.shell("ls /proc/$$/fd; cat").run().output
        #expect(Set(String(decoding: list, as: UTF8.self).split(separator: "\n")).isSubset(of: ["0", "1", "2", "10"]))
        let environment = Command("/usr/bin/env", [], environment: ["A=1"])
        #expect(try await environment.run().output == Array("A=1\n".utf8))
    }

    @Test func muchOutputOnBothStreamsIsRead() async throws {
        var command = Self.shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2")
        command.errorLimit = 1000
        let result = try await command.run()
        #expect(result.output.count == 3_000_000)
        #expect((1000...2000).contains(result.errors.count))
    }

    @Test func tooMuchOutputEndsIt() async throws {
        var command = Self.shell("cat /dev/zero")
        command.outputLimit = 1 << 20
        await #expect(throws: CommandError.tooMuchOutput("/bin/sh", limit: 1 << 20)) { try await command.run() }
    }

    @Test func theDeadlineEndsItAndAllItStarted() async throws {
        let scratch = try Scratch()
        var command = Self.shell("sleep 1000 & echo $! >\(scratch.path("pid")); wait")
        command.deadline = .milliseconds(500)
        await #expect(throws: CommandError.tooLong("/bin/sh", .milliseconds(500))) { try await command.run() }
        let pid = try #require(Int32(try scratch.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(try Self.isGone(pid))
    }

    @Test func whatItLeavesBehindInItsGroupIsEndedToo() async throws {
        let start = MonotonicClock.now
        let result = try await Self.shell("sleep 1000 & echo $!").run()
        #expect(MonotonicClock.now - start < .seconds(900))
        let text = String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try Self.isGone(try #require(Int32(text))))
    }

    @Test func aCancelledTaskEndsIt() async throws {
        let task = Task { try await Self.shell("sleep 1000").run() }
        try await Task.sleep(for: .milliseconds(200))
        let start = MonotonicClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(MonotonicClock.now - start < .seconds(900))
    }

    @Test func scriptsRunByTheirFirstLine() async throws {
        let scratch = try Scratch()
        try scratch.write("script", "#! /bin/sh -e\necho \"$0 $1\"\nfalse\necho never\n")
        try scratch.directory.setPermissions(0o755, of: "script")
        let result = try await Command(scratch.path("script"), ["x"], environment: []).run()
        #expect(result.output == Array("\(scratch.path("script")) x\n".utf8))
        #expect(result.status == .code(1))
    }

    @Test func whatCannotBeRunIsAnError() async throws {
        let error = await #expect(throws: CommandError.self) {
            try await Command("/nonexistent", [], environment: []).run()
        }
        guard case .system("/nonexistent", let reason) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(reason.errno == .noSuchFileOrDirectory)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", nil), ("::FFFF:1.2.3.4", "::ffff:1.2.3.4", "1.2.3.4"), ("fe80::1", "fe80::1", nil),
        ("64:ff9b::102:304", "64:ff9b::102:304", "1.2.3.4"), ("2002:102:304::", "2002:102:304::", "1.2.3.4"),
        ("::1", "::1", nil),
        ("::1.2.3.4", "::1.2.3.4", "1.2.3.4"), ("::", "::", nil),
    ])
    func anAddressIsRead(_ text: String, _ shown: String, _ embedded: String?) throws {
        let address = try #require(IPAddress(ByteString(text)))
        #expect("\(address)" == shown)
        #expect(address.embeddedVersion4.map { "\($0)" } == embedded)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: ["", "1.2.3", "01.2.3.256", "example.com", "[::1]", "fe80::1%lo", "1.2.3.4\0"])
    func whatIsNoAddressIsNone(_ text: String) {
        #expect(IPAddress(ByteString(text)) == nil)
    }

    @Test func namesAreLookedUp() throws {
        let loopback = try #require(IPAddress("127.0.0.1"))
        #expect(try HostNames.addresses(of: "localhost").contains(loopback))
        #expect(try HostNames.addresses(of: "0x7f.1") == [loopback])
        #expect(throws: HostNames.LookupError.self) { try HostNames.addresses(of: "nobody.invalid") }
        #expect(throws: HostNames.LookupError.self) { try HostNames.addresses(of: "") }
        #expect(throws: HostNames.LookupError.self) { try HostNames.addresses(of: "a\0b") }
    }

    private static func isGone(_ pid: Int32) throws -> Bool {
        for _ in 0..<200 {
            // What nobody waits for stays as a zombie, which runs nothing.
            let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            guard let status, !status.contains(") Z ") else { return true }
            usleep(10_000)
        }
        return false
    }
}
