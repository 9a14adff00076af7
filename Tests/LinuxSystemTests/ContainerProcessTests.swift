import ByteStrings
import Foundation
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite struct ContainerProcessTests {
    typealias FirstWay = ContainerProcess.FirstWay

    private static func start(
        _ script: String,
        output: CInt = 1,
        input: CInt = 0,
        extra: [CInt] = [],
        namespaces: NamespaceFlags = [],
        deathSignal: Signal? = .kill,
        way: FirstWay = .clone3,
        program: ByteString = "/bin/sh"
    ) throws -> ProcessHandle {
        let executable = try OwnedDescriptor.openFile(program, .readOnly)
        return try ContainerProcess.spawn(
            executable: executable,
            arguments: ["sh", "-c", ByteString(script)],
            environment: ["PATH=/usr/bin:/bin", "GREETING=a b\nc"],
            standard: [input, output, 2],
            extraDescriptors: extra,
            namespaces: namespaces,
            newSession: true,
            parentDeathSignal: deathSignal,
            firstWay: way
        )
    }

    /// What a script writes, and how it ends.
    private static func run(
        _ script: String,
        extra: [CInt] = [],
        namespaces: NamespaceFlags = [],
        way: FirstWay = .clone3
    ) throws -> (String, LinuxSystem.ExitStatus) {
        let file = try MemoryFile.unsealed(name: "output")
        let status = try start(script, output: file.rawValue, extra: extra, namespaces: namespaces, way: way).wait()
        try file.seek(to: 0)
        return (String(decoding: try file.readAll(limit: 1 << 20), as: UTF8.self), status)
    }

    @Test(arguments: FirstWay.allCases)
    func aProgramGetsItsArgumentsAndEnvironmentAlone(_ way: FirstWay) throws {
        let (text, status) = try Self.run("echo \"$GREETING\"; exit 7", way: way)
        #expect(text == "a b\nc\n")
        #expect(status == .code(7))
    }

    @Test(arguments: FirstWay.allCases)
    func onlyTheGivenDescriptorsAreOpen(_ way: FirstWay) throws {
        let leaked = open("/etc/passwd", O_RDONLY)
        defer { close(leaked) }
        let (bare, _) = try Self.run("ls /proc/$$/fd", way: way)
        #expect(bare.split(separator: "\n").filter { $0 != "10" } == ["0", "1", "2"])

        let one = try MemoryFile.sealed(name: "one", bytes: [0x31])
        let two = try MemoryFile.sealed(name: "two", bytes: [0x32])
        let (text, _) = try Self.run("cat <&3; cat <&4", extra: [two.rawValue, one.rawValue], way: way)
        #expect(text == "21")
    }

    @Test func sourcesMayBeEachOthersTargets() throws {
        // In the child: 0 from 3 or higher, and 3 from 0, so nothing may be overwritten before it was copied.
        let text = try MemoryFile.sealed(name: "text", bytes: Array("text".utf8))
        let output = try MemoryFile.unsealed(name: "output")
        let handle = try Self.start(
            "cat; readlink /proc/self/fd/3",
            output: output.rawValue,
            input: text.rawValue,
            extra: [0, 1, 2]
        )
        #expect(try handle.wait() == .code(0))
        try output.seek(to: 0)
        let expected = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/0")
        #expect(String(decoding: try output.readAll(limit: 1000), as: UTF8.self) == "text\(expected)\n")
    }

    @Test(arguments: FirstWay.allCases)
    func manyDescriptorsAreClosedWithoutCloseRangeToo(_ way: FirstWay) throws {
        let many = (0..<500).map { _ in open("/dev/null", O_RDONLY) }
        defer { for descriptor in many { close(descriptor) } }
        let output = try MemoryFile.unsealed(name: "output")
        let handle = try ContainerProcess.spawn(
            executable: .openFile("/bin/ls", .readOnly),
            arguments: ["ls", "/proc/self/fd"],
            environment: [],
            standard: [0, output.rawValue, 2],
            extraDescriptors: [1],
            namespaces: [],
            newSession: false,
            parentDeathSignal: nil,
            firstWay: way,
            withoutCloseRange: true
        )
        #expect(try handle.wait() == .code(0))
        try output.seek(to: 0)
        // 4 is the listing itself.
        #expect(String(decoding: try output.readAll(limit: 1000), as: UTF8.self) == "0\n1\n2\n3\n4\n")
    }

    @Test(arguments: FirstWay.allCases)
    func whatCannotRunIsAnErrorAndNoProcess(_ way: FirstWay) throws {
        let scratch = try Scratch()
        try scratch.write("text", "no program")
        try scratch.directory.setPermissions(0o755, of: "text")
        #expect(errno { try Self.start("", way: way, program: scratch.path("text")) } == .execFormatError)
        try scratch.directory.setPermissions(0o644, of: "text")
        #expect(errno { try Self.start("", way: way, program: scratch.path("text")) } == .permissionDenied)
        #expect(errno { try Self.start("", output: 999_999, way: way) } == .badFileDescriptor)
        #expect(errno { try Self.start("nul\0") } == .invalidArgument)
        let tooMany = [CInt](repeating: 1, count: ContainerProcess.mostExtraDescriptors + 1)
        #expect(errno { try Self.start("", extra: tooMany) } == .invalidArgument)
    }

    @Test(arguments: FirstWay.allCases)
    func signalsAreAsInANewProcess(_ way: FirstWay) throws {
        try SignalWatcher.ignoreBrokenPipe()
        let (text, _) = try Self.run("cat /proc/self/status", way: way)
        let masks = text.split(separator: "\n").filter {
            $0.hasPrefix("SigBlk") || $0.hasPrefix("SigIgn") || $0.hasPrefix("SigCgt")
        }
        .map { $0.split(separator: "\t").last.map(String.init) ?? "" }
        #expect(masks == Array(repeating: "0000000000000000", count: 3))
        let (_, status) = try Self.run("kill -PIPE $$", way: way)
        #expect(status == .signal(.pipe))
    }

    @Test(.root, arguments: FirstWay.allCases)
    func namespacesAreNew(_ way: FirstWay) throws {
        let (text, status) = try Self.run(
            "echo $$; readlink /proc/self/ns/uts; ls /sys/class/net >/dev/null; ulimit -n >/dev/null",
            namespaces: [.processes, .hostName, .messages, .mount, .network],
            way: way
        )
        let lines = text.split(separator: "\n")
        #expect(lines.first == "1")
        #expect(
            lines.last.map(String.init)
                != (try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/uts"))
        )
        #expect(status == .code(0))
    }

    @Test func aProcessLeadsItsOwnSession() throws {
        let (text, _) = try Self.run("cut -d' ' -f1,6 /proc/$$/stat")
        let numbers = text.split(whereSeparator: \.isWhitespace)
        #expect(numbers.count == 2 && numbers[0] == numbers[1])
    }

    @Test func aSignalEndsAProcess() throws {
        let handle = try Self.start("exec sleep 1000")
        #expect(try !handle.hasEnded())
        try handle.terminate(.terminate)
        #expect(try Poller.wait([handle.pidfd], timeout: .seconds(60)) == [handle.pidfd])
        try handle.send(.kill)
        #expect(try handle.wait() == .signal(.terminate))
    }

    @Test func aDroppedHandleLeavesNoProcess() throws {
        let pid = try Self.start("exec sleep 1000").pid
        #expect(kill(pid, 0) == -1)
    }

    @Test func theProcessDiesWithTheThreadThatStartedIt() async throws {
        let pipe = try OwnedDescriptor.makePipe()
        let output = pipe.writeEnd.rawValue
        // A thread of its own that ends; the pool would keep it.
        let thread = Thread {
            guard let handle = try? Self.start("exec sleep 1000", output: output) else { return }
            _ = Leaked(handle)
        }
        thread.start()
        let reading = pipe.takeReadEnd()
        #expect(try Poller.wait([reading.rawValue], timeout: .seconds(60)) == [reading.rawValue])
    }

    /// Keeps a handle for good, so that only the kernel can end the process.
    private final class Leaked {
        private let handle: ProcessHandle
        init(_ handle: consuming ProcessHandle) {
            self.handle = handle
            _ = Unmanaged.passRetained(self)
        }
    }

    @Test func aSealedFileInMemoryCanBeRun() throws {
        let shell = try OwnedDescriptor.openFile("/bin/sh", .readOnly).readAll(limit: 16 << 20)
        let program = try MemoryFile.sealed(name: "sh", bytes: shell, executable: true)
        let handle = try ContainerProcess.spawn(
            executable: program,
            arguments: ["sh", "-c", "exit 3"],
            environment: [],
            standardInput: 0,
            standardOutput: 1,
            standardError: 2
        )
        #expect(try handle.wait() == .code(3))
    }

    @Test func manyProcessesAreStartedAtOnce() async throws {
        try await withThrowingTaskGroup(of: LinuxSystem.ExitStatus.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await BlockingThread.run { try Self.start("exit \(number)").wait() }
                }
            }
            var codes: Set<LinuxSystem.ExitStatus> = []
            for try await status in group { codes.insert(status) }
            #expect(codes.count == 100)
        }
    }

    @Test(arguments: [
        (LinuxSystem.ExitStatus.code(0), 0), (.code(255), 255), (.signal(.kill), 137), (.signal(.interrupt), 130),
    ])
    func aShellCodeIsTheCodeOrTheSignal(_ status: LinuxSystem.ExitStatus, _ code: Int) {
        #expect(Int(status.shellCode) == code)
        #expect(status.isSuccess == (code == 0))
    }
}
