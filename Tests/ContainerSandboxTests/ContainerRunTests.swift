import ByteStrings
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import ContainerSandbox

@Suite(.containers) struct ContainerRunTests {
    private let image: TestImage

    init() throws {
        image = try TestImage()
    }

    @Test(arguments: [0, 1, 2, 42, 125, 126, 127, 255])
    func exitCodesArriveAsTheyAre(_ code: Int32) throws {
        #expect(try image.shell("exit \(code)").status == .code(code))
    }

    @Test func aSignalIsToldFromACode() throws {
        // The first process of a namespace ignores its own signals; a child may die of them.
        #expect(try image.shell("sh -c 'kill -9 $$'; exit $?").status == .code(137))
    }

    @Test func streamsAreKeptApart() throws {
        let result = try image.shell("echo one; echo two >&2; echo three")
        #expect(result.output == "one\nthree\n")
        #expect(result.errors == "two\n")
    }

    @Test func muchOutputArrivesWhole() throws {
        let result = try image.shell("seq 1 200000")
        #expect(result.output.split(separator: "\n").count == 200000)
        #expect(result.output.hasSuffix("\n199999\n200000\n"))
    }

    @Test func theCommandIsTheFirstProcess() throws {
        #expect(try image.shell("echo $$").output == "1\n")
    }

    @Test func theHostNameIsTheOneAskedFor() throws {
        #expect(try image.shell("hostname").output == "buildhost\n")
    }

    @Test func standardInputIsEmpty() throws {
        let result = try image.shell("cat; readlink /proc/self/fd/0")
        #expect(result.output == "/dev/null\n")
    }

    @Test func noDescriptorIsLeftBehind() throws {
        // 3 is that of the listing itself.
        #expect(try image.shell("ls /proc/self/fd").output == "0\n1\n2\n3\n")
    }

    @Test func everyOutputBeforeTheEndIsReadWhenAProcessStaysBehind() throws {
        let start = ContinuousClock.now
        let result = try image.shell("(sleep 1000 &) ; echo done")
        #expect(result.output == "done\n")
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func theEnvironmentIsExactlyWhatWasGiven() throws {
        let result = try image.run(
            {
                var request = try image.request(["/bin/env"])
                request.environment = ["A=1", "PATH=/bin", "A=2", "EMPTY="]
                request.user = ResolvedUser(user: 0, group: 0, home: "/somewhere")
                return request
            }()
        )
        #expect(result.output == "PATH=/bin\nA=2\nEMPTY=\nHOME=/somewhere\n")
    }

    @Test func filesAreMadeWithTheUsualMask() throws {
        #expect(try image.shell("umask").output == "0022\n")
    }

    @Test func changesGoToTheUpperFolderAndNothingElseDoes() throws {
        try image.shell("true")
        #expect(try image.changes() == [])

        try image.shell("mkdir /made && echo text > /made/file && rm /bin/wc && touch /run-free")
        #expect(try image.changes() == ["bin", "bin/wc", "made", "made/file", "run-free"])
        #expect(try String(contentsOf: image.upper.appendingPathComponent("made/file"), encoding: .utf8) == "text\n")
    }

    @Test func mountsStayInTheContainer() throws {
        for _ in 0..<10 { try image.shell("true") }
        let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        #expect(!mounts.contains(image.upper.deletingLastPathComponent().path))
    }

    /// Descriptors of processes and policies; other tests of this process open and close everything else meanwhile.
    private func openContainers() throws -> Int {
        let folder = "/proc/self/fd"
        return try FileManager.default.contentsOfDirectory(atPath: folder).count { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
            return target?.contains("pidfd") == true || target?.contains("slipway-policy") == true
        }
    }

    @Test func aHundredContainersLeaveNoDescriptorOpen() throws {
        try image.shell("true")
        let cancellation = try ContainerCancellation()
        let before = try openContainers()
        for _ in 0..<100 {
            let request = try image.request(["/bin/true"])
            let status = try Containers.runner.get().run(request, onOutput: { _, _ in }, cancellation: cancellation)
            #expect(status == .code(0))
        }
        // A descriptor of each would be a hundred more; a few of other tests may be open now.
        #expect(try openContainers() < before + 50)
    }

    @Test func cancellationEndsEveryProcess() async throws {
        let cancellation = try ContainerCancellation()
        let request = try image.request(["/bin/sh", "-c", "sleep 1000 & echo started; sleep 1000"])
        let runner = try Containers.runner.get()
        await #expect(throws: ExecutorError.cancelled) {
            try await BlockingThread.run {
                _ = try runner.run(request, onOutput: { _, _ in cancellation.cancel() }, cancellation: cancellation)
            }
        }
        #expect(cancellation.isCancelled)
        #expect(throws: ExecutorError.cancelled) {
            try runner.run(request, onOutput: { _, _ in }, cancellation: cancellation)
        }
    }

    // MARK: - Commands that do not start

    @Test(
        arguments: [
            (["nothing"], .commandNotFound("nothing")),
            (["/bin/nothing"], .commandNotFound("/bin/nothing")),
            (["/etc"], .notExecutable("/etc")),
            (["/etc/plain"], .notExecutable("/etc/plain")),
            (["/etc/strange"], .wrongFormat("/etc/strange")),
            (["/etc/orphan"], .interpreterNotFound("/etc/orphan")),
            (["orphan"], .interpreterNotFound("orphan")),
            (["/proc/self/fd/3"], .commandNotFound("/proc/self/fd/3")),
            (["/proc/self/fd/5"], .commandNotFound("/proc/self/fd/5")),
        ] as [([ByteString], ExecutorError)]
    )
    func aCommandThatCannotStartIsTold(_ arguments: [ByteString], _ expected: ExecutorError) throws {
        try image.write("text", to: "etc/plain")
        try image.write("\u{1}\u{2}\u{3}", to: "etc/strange", permissions: 0o755)
        try image.write("#!/bin/gone\n", to: "etc/orphan", permissions: 0o755)
        try image.write("#!/bin/gone\n", to: "bin/orphan", permissions: 0o755)
        let request = try image.request(arguments)
        #expect(throws: expected) { try image.run(request) }
    }

    @Test func aPathListIsSearchedInOrder() throws {
        try image.write("#!/bin/sh\necho first\n", to: "first/tool", permissions: 0o755)
        try image.write("#!/bin/sh\necho second\n", to: "second/tool", permissions: 0o755)
        try image.write("no program", to: "plain/tool")
        var request = try image.request(["tool"])
        request.environment = ["PATH=relative:/plain:/missing:/second:/first"]
        #expect(try image.run(request).output == "second\n")
    }

    @Test func tooManyArgumentsAreTold() throws {
        let request = try image.request(
            ["/bin/true"] + Array(repeating: ByteString(String(repeating: "x", count: 1000)), count: 8000)
        )
        #expect(throws: ExecutorError.argumentsTooLong("/bin/true")) { try image.run(request) }
    }

    @Test func aFailureOfTheSetUpIsTold() throws {
        var request = try image.request(["/bin/true"])
        request.lowerTrees = ["/does/not/exist"]
        #expect(throws: ExecutorError.setup("mount 1 layers with overlay", .noSuchFileOrDirectory)) {
            try image.run(request)
        }
    }

    // MARK: - The working directory

    @Test(arguments: [("/root", "/root"), ("/link", "/home/someone"), ("/up", "/"), ("/proc/1/cwd/../etc", "")])
    func theWorkingDirectoryIsInsideTheRoot(_ path: String, _ expected: String) throws {
        try image.link("link", to: "/home/someone")
        try image.link("up", to: "../../../../..")
        var request = try image.request(["/bin/pwd", "-P"])
        request.workingDirectory = ByteString(path)
        if expected.isEmpty {
            #expect(throws: ExecutorError.self) { try image.run(request) }
        } else {
            #expect(try image.run(request).output == expected + "\n")
        }
    }

    @Test(arguments: 0..<16, ["self", "1"])
    func noDescriptorLeadsToTheHost(_ number: Int, _ process: String) throws {
        var request = try image.request(["/bin/ls", "../../.."])
        request.workingDirectory = ByteString("/proc/\(process)/fd/\(number)")
        #expect(throws: ExecutorError.self) { try image.run(request) }
    }

    @Test func aMissingWorkingDirectoryIsMade() throws {
        var request = try image.request(["/bin/busybox", "stat", "-c", "%n %a %u:%g", "/missing/one", "."])
        request.workingDirectory = "/missing/one"
        request.user = ResolvedUser(user: 1000, group: 1000)
        #expect(try image.run(request).output == "/missing/one 755 0:0\n. 755 0:0\n")
    }

    @Test(
        arguments: [
            ("/bin/busybox", .notDirectory), ("/bin/busybox/x", .notDirectory), ("/proc/1/x", .noSuchFileOrDirectory),
            ("/sys/x", .readOnlyFileSystem),
        ] as [(ByteString, Errno)]
    )
    func aWorkingDirectoryThatCannotBeMadeIsTold(_ path: ByteString, _ errno: Errno) throws {
        var request = try image.request(["/bin/true"])
        request.workingDirectory = path
        #expect(throws: ExecutorError.workingDirectory(path, errno)) { try image.run(request) }
    }
}
