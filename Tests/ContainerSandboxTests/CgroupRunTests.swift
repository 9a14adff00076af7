import ByteStrings
import Foundation
import LinuxSystem
import SystemPackage
import TestSupport
import Testing

@testable import ContainerSandbox

/// Limits of this machine's kernel, through whatever hierarchy has the controllers.
@Suite(.containers, .enabled(if: Cgroups.isPossible, "needs groups that may be made")) struct CgroupRunTests {
    private let image: TestImage

    init() throws {
        image = try TestImage()
    }

    private func run(
        _ line: String,
        _ change: (inout CgroupLimits) -> Void
    ) throws -> (output: String, errors: String, status: LinuxSystem.ExitStatus) {
        try image.shell(line) { request in
            change(&request.shape.groupLimits)
            request.shape.session = Cgroups.session
        }
    }

    @Test func theMostProcessesCannotBeExceeded() throws {
        let result = try run("for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; wait") { $0.processes = 4 }
        #expect(result.status != .code(0))
        #expect(result.errors.contains("can't fork"))
    }

    /// S73: a bomb ends with its group, and leaves no process.
    @Test(.timeLimit(.minutes(1))) func aForkBombEnds() throws {
        let start = ContinuousClock.now
        _ = try run("bomb() { bomb | bomb & }; bomb; sleep 1") { $0.processes = 64 }
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(try Cgroups.left() == [])
    }

    @Test func aCommandWithoutMemoryIsToldFromOneThatWasKilled() throws {
        let eater = "dd if=/dev/zero of=/dev/null bs=64M count=1"
        let error = #expect(throws: ExecutorError.self) {
            try run(eater) {
                $0.memory = 16 << 20
                $0.memoryAndSwap = 16 << 20
            }
        }
        #expect(error?.wasKilledForMemory == true)
        #expect(error?.description.contains("may use 16777216 bytes (`--memory`)") == true)
        let killed = try run("sh -c 'kill -9 $$'; exit $?") { $0.memory = 64 << 20 }
        #expect(killed.status == .code(137))
    }

    /// R31: 25 of each, and none of them misjudged.
    @Test(arguments: 0..<25) func killsAreNeverMisjudged(_ round: Int) throws {
        let error = #expect(throws: ExecutorError.self) {
            try run("dd if=/dev/zero of=/dev/null bs=32M count=1; exit $?") {
                $0.memory = 8 << 20
                $0.memoryAndSwap = 8 << 20
            }
        }
        #expect(error?.wasKilledForMemory == true)
        #expect(error?.shellExitCode == 137)
        #expect(try run("sh -c 'kill -9 $$'; exit $?") { $0.memory = 64 << 20 }.status == .code(137))
    }

    @Test func aCommandThatCopesWithAKillSucceeds() throws {
        let result = try run("dd if=/dev/zero of=/dev/null bs=32M count=1 || true") {
            $0.memory = 8 << 20
            $0.memoryAndSwap = 8 << 20
        }
        #expect(result.status == .code(0))
    }

    @Test func processorTimeIsLimited() throws {
        let start = ContinuousClock.now
        _ = try run("i=0; while test $i -lt 100000; do i=$((i+1)); done") { _ in }
        let free = ContinuousClock.now - start
        let limited = ContinuousClock.now
        _ = try run("i=0; while test $i -lt 100000; do i=$((i+1)); done") { $0.processorTime = .init(quota: 10_000) }
        #expect(ContinuousClock.now - limited > free * 2)
    }

    @Test func processorsAreChosen() throws {
        let result = try run("grep Cpus_allowed_list /proc/self/status") { $0.processors = "0" }
        #expect(result.output == "Cpus_allowed_list:\t0\n")
    }

    /// S16: the root of the container's groups is its own, so nothing tells where the host keeps it.
    @Test func theContainerSeesItsGroupAsTheRoot() throws {
        let result = try run("cat /proc/self/cgroup") {
            $0.memory = 64 << 20
            $0.processes = 64
        }
        for line in result.output.split(separator: "\n") { #expect(line.hasSuffix(":/"), "\(line)") }
    }

    @Test func groupsAreGoneAfterwards() throws {
        for _ in 0..<20 { _ = try run("true") { $0.processes = 50 } }
        #expect(try Cgroups.left() == [])
    }

    @Test func aParentIsMadeForTheTimeOfARun() throws {
        let parent = ByteString("slipway-test-\(UUID().uuidString.prefix(8))")
        let result = try run("true") { $0.parent = parent }
        #expect(result.status == .code(0))
        #expect(try Cgroups.folders(named: parent) == [])
    }

    @Test func aRefusedValueIsToldBeforeTheCommandRuns() throws {
        let error = #expect(throws: ExecutorError.self) { try run("true") { $0.processors = "8000" } }
        #expect(error?.description.hasPrefix("cannot apply `--cpuset-cpus`: the kernel refuses `8000`") == true)
        #expect(try Cgroups.left() == [])
    }

    @Test func leftoversOfADeadSessionAreSwept() throws {
        var limits = CgroupLimits()
        limits.processes = 5
        let factory = try CgroupFactory.host()
        let group = try factory.make(
            limits,
            named: CgroupFactory.name(session: ByteString("swept-\(getpid())"), number: 1)
        )
        let sleeper = ChildProcess()
        sleeper.executableURL = URL(fileURLWithPath: "/bin/sleep")
        sleeper.arguments = ["1000"]
        try sleeper.run()
        for folder in group.folders {
            let members = URL(fileURLWithPath: folder.path.description + "/cgroup.procs")
            try Data("\(sleeper.processIdentifier)".utf8).write(to: members)
        }
        // Other tests' groups stay.
        factory.sweep { $0 != ByteString("swept-\(getpid())") }
        sleeper.waitUntilExit()
        #expect(sleeper.terminationStatus == 128 + SIGKILL)
        for folder in group.folders { #expect(!FileManager.default.fileExists(atPath: folder.path.description)) }
    }

    @Test func limitsAreCheckedBeforeTheBuild() throws {
        let runner = try Containers.runner.get()
        var limits = CgroupLimits()
        try runner.checkLimits(limits, [], session: "s", isAlive: { _ in true })
        limits.memory = 32 << 20
        limits.processorTime = .init(quota: 50_000)
        try runner.checkLimits(limits, [], session: Cgroups.session, isAlive: { _ in true })
        #expect(try Cgroups.left() == [])
        limits.processors = "9999"
        #expect(throws: ExecutorError.self) {
            try runner.checkLimits(limits, [], session: Cgroups.session, isAlive: { _ in true })
        }
    }

    /// The kernel makes the process in a group of the unified hierarchy, or moves it there; both end in the same place.
    @Test func aProcessStartsInAGroupOfTheUnifiedHierarchy() throws {
        let filesystem = HostCgroupFilesystem()
        let layout = CgroupLayout(
            mountInfo: try filesystem.read("/proc/self/mountinfo"),
            ownGroups: try filesystem.read("/proc/self/cgroup")
        )
        guard let unified = layout.unified else { return }
        var group = Cgroup(filesystem: filesystem)
        let path = unified.own.appendingPath(CgroupFactory.name(session: Cgroups.session, number: 7))
        try filesystem.makeDirectory(path)
        group.add(.init(path: path, isUnified: true, countsMemory: false))
        defer { group.remove() }
        let opened = try OpenCgroup(group)
        let pipe = try OwnedDescriptor.makePipe()
        let process = try ContainerProcess.spawn(
            executable: try OwnedDescriptor.openFile(ByteString(Containers.busybox), .readOnly),
            arguments: ["cat", "/proc/self/cgroup"],
            environment: [],
            standardInput: 0,
            standardOutput: pipe.writeEnd.rawValue,
            standardError: 2,
            groups: opened.descriptors
        )
        #expect(try process.wait() == .code(0))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8192, alignment: 16)
        defer { buffer.deallocate() }
        let count = try pipe.readEnd.read(into: buffer)
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        #expect(text.contains("0::") && text.contains("/\(path.lastPathComponent)\n"))
    }
}

/// The groups of this machine, as tests see them.
enum Cgroups {
    /// The session of this process's groups.
    static let session = ByteString("test\(getpid())")

    static let isPossible: Bool = {
        guard Containers.isPossible, let factory = try? CgroupFactory.host() else { return false }
        var limits = CgroupLimits()
        limits.processes = 10
        limits.memory = 64 << 20
        limits.processorTime = .init(quota: 100_000)
        limits.processors = "0"
        guard let group = try? factory.make(limits, named: ByteString("slipway-probe\(getpid())-0")) else {
            return false
        }
        group.remove()
        return true
    }()

    /// Folders of this name anywhere in the hierarchies.
    static func folders(named name: ByteString) throws -> [String] {
        try all().filter { $0.hasSuffix("/\(name.description)") }
    }

    /// Groups of finished runs, after giving those of other tests some time to end.
    static func left() throws -> [String] {
        var left: [String] = []
        for _ in 0..<100 {
            left = try all().filter { $0.contains("/slipway-\(session.description)-") }
            // Another test may be running a container at this moment; what stays is a leftover.
            if left.isEmpty { return [] }
            usleep(100_000)
        }
        return left
    }

    private static func all() throws -> [String] {
        let filesystem = HostCgroupFilesystem()
        let layout = CgroupLayout(
            mountInfo: try filesystem.read("/proc/self/mountinfo"),
            ownGroups: try filesystem.read("/proc/self/cgroup")
        )
        return layout.hierarchies.flatMap { hierarchy in
            hierarchy.ownAndAbove.flatMap { place in
                ((try? filesystem.groups(in: place)) ?? []).map { place.appendingPath($0).description }
            }
        }
    }
}
