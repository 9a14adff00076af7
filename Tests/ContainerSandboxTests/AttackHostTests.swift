import ByteStrings
import Foundation
import LinuxSystem
import Synchronization
import SystemPackage
import Testing

@testable import ContainerSandbox

/// What a hostile image or command tries to reach of the host.
@Suite(.containers) struct AttackHostTests {
    private let image: TestImage

    init() throws {
        image = try TestImage()
    }

    /// S1: a working directory behind a descriptor of the starting process.
    ///
    /// CVE class: CVE-2024-21626, leaked descriptors of the runtime.
    @Test(arguments: ["self", "1", "thread-self"]) func noDescriptorIsAWorkingDirectory(_ process: String) throws {
        try Data("canary".utf8).write(to: image.folder.appendingPathComponent("canary-s1"))
        for number in 0..<64 {
            var request = try image.request(["/bin/ls", "../../.."])
            request.workingDirectory = ByteString("/proc/\(process)/fd/\(number)")
            let listed = try? image.run(request).output
            #expect(listed == nil, "\(number): \(listed ?? "")")
        }
    }

    /// S2: descriptors that the caller forgot to close.
    ///
    /// CVE class: descriptors that are inherited.
    @Test func noDescriptorOfTheCallerIsInherited() throws {
        let file = image.folder.appendingPathComponent("secret").path
        try Data("secret".utf8).write(to: URL(fileURLWithPath: file))
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        // Without close-on-exec, some at numbers far up.
        for index in 0..<40 { opened.append(open(index % 2 == 0 ? "/" : file, O_RDONLY)) }
        opened.append(fcntl(opened[0], F_DUPFD, 900))
        let result = try image.shell(
            "ls /proc/self/fd; for n in $(seq 3 950); do test -e /proc/1/fd/$n && echo $n; done"
        )
        // 3 is that of the listing itself; the shell keeps what it substitutes.
        #expect(result.output.hasPrefix("0\n1\n2\n3\n"))
        #expect(result.output.split(separator: "\n").count <= 5)
    }

    /// S4: a command behind a descriptor.
    ///
    /// CVE class: magic links to programs of the host.
    @Test func noDescriptorIsACommand() throws {
        for number in 3..<64 {
            let path = ByteString("/proc/self/fd/\(number)")
            let request = try image.request([path, "x"])
            let error = #expect(throws: ExecutorError.self) { try image.run(request) }
            // One is the pipe of the report, which closes itself.
            #expect(error == .commandNotFound(path) || error == .notExecutable(path))
        }
    }

    /// S6: links of the image where the sandbox makes folders, devices and mounts.
    ///
    /// CVE class: CVE-2023-28642, CVE-2024-45310, CVE-2026-41579.
    @Test(
        arguments: [
            ("proc", "CANARY"), ("sys", "../../CANARY"), ("dev", "CANARY"), ("etc", "/"), ("etc", "CANARY"),
            ("etc/hosts", "CANARY/hosts"), ("etc/resolv.conf", "/../../../CANARY/resolv"), ("dev/pts", "../.."),
            ("dev/null", "/proc/sysrq-trigger"), ("dev/shm", "CANARY"), ("proc/self", "CANARY"),
            ("sys/fs", "CANARY"), ("mnt", "CANARY"),
        ])
    func aLinkOfTheImageLeadsNoMountOutOfIt(_ place: String, _ target: String) throws {
        let canary = image.folder.appendingPathComponent("canary")
        try FileManager.default.createDirectory(at: canary, withIntermediateDirectories: true)
        let path = image.base.appendingPathComponent(place)
        try FileManager.default.createDirectory(
            at: path.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try? FileManager.default.removeItem(at: path)
        try FileManager.default.createSymbolicLink(
            atPath: path.path,
            withDestinationPath: target.replacingOccurrences(of: "CANARY", with: canary.path)
        )
        let host = HostTree(image.folder)
        let hosts = image.folder.appendingPathComponent("generated")
        try Data("generated".utf8).write(to: hosts)
        let mounts: [ContainerMount] = [
            ContainerMount(.bind(ByteString(hosts.path)), on: "/etc/hosts", .readOnly),
            ContainerMount(.bind(ByteString(hosts.path)), on: "/etc/resolv.conf", .readOnly),
            ContainerMount(.temporary(), on: "/mnt/deep/er"), ContainerMount(.temporary(), on: "/dev/extra"),
        ]
        for mount in mounts { _ = try? image.shell("true") { $0.mounts = [mount] } }
        _ = try? image.shell("true") { $0.mounts = mounts }
        #expect(try FileManager.default.contentsOfDirectory(atPath: canary.path) == [])
        #expect(HostTree(image.folder) == host)
    }

    /// S8: the device that hides files is the kernel's, whatever the image puts in its place.
    ///
    /// CVE class: CVE-2025-31133, CVE-2025-52565.
    @Test func masksAreNotMadeOfWhatTheImageBrings() throws {
        let pattern = try Data(contentsOf: URL(fileURLWithPath: "/proc/sys/kernel/core_pattern"))
        try FileManager.default.createDirectory(
            at: image.base.appendingPathComponent("dev"),
            withIntermediateDirectories: true
        )
        try image.link("dev/null", to: "/proc/sys/kernel/core_pattern")
        let result = try image.shell(
            "stat -c %t:%T /dev/null; head -c 1 /proc/keys | wc -c; echo x > /dev/null; rm -f /dev/null; echo x > /proc/keys"
        )
        #expect(result.output.hasPrefix("1:3\n0\n"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: "/proc/sys/kernel/core_pattern")) == pattern)
    }

    /// S10: nothing that is mounted in a container is seen on the host.
    ///
    /// CVE class: CVE-2024-9407, mounts that spread.
    @Test func mountsOfManyContainersStayTheirs() throws {
        let shared = image.folder.appendingPathComponent("shared")
        try FileManager.default.createDirectory(at: shared, withIntermediateDirectories: true)
        for _ in 0..<50 {
            try image.shell("true") {
                $0.mounts = [
                    ContainerMount(.bind(ByteString(shared.path)), on: "/mnt"),
                    ContainerMount(.temporary(), on: "/mnt/inner"),
                ]
            }
        }
        let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        #expect(!mounts.contains(image.folder.path))
    }

    /// S7: a second container swaps a shared folder for a link while mounts are made below it.
    ///
    /// CVE class: CVE-2021-30465, CVE-2025-52881, CVE-2026-42306.
    @Test(.timeLimit(.minutes(2))) func aSwappedTargetLeadsNoMountOutOfTheRoot() throws {
        let canary = image.folder.appendingPathComponent("canary")
        let shared = image.folder.appendingPathComponent("shared")
        for folder in [canary, shared.appendingPathComponent("a/b")] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        let links = [canary.path, "/proc", "../../../../../../..\(canary.path)"]
        for (index, target) in links.enumerated() {
            try FileManager.default.createSymbolicLink(
                atPath: shared.path + "/link\(index)",
                withDestinationPath: target
            )
        }
        let swapper = Swapper(in: shared, "a", with: (0..<links.count).map { ByteString("link\($0)") })
        var started = 0
        for _ in 0..<100 {
            let status = try? image.shell("echo mark > /shared/a/b/mark; true") {
                $0.mounts = [
                    ContainerMount(.bind(ByteString(shared.path)), on: "/shared"),
                    ContainerMount(.temporary(), on: "/shared/a/b"),
                ]
            }.status
            if status == .code(0) { started += 1 }
        }
        swapper.stop()
        #expect(started > 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: canary.path) == [])
        let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        #expect(!mounts.contains(image.folder.path))
    }

    /// S25: a path inside of a shared folder is swapped for a link to the host while it is mounted.
    ///
    /// CVE class: CVE-2024-23651.
    @Test(.timeLimit(.minutes(2))) func aSwappedSourceShowsNothingOfTheHost() throws {
        let shared = image.folder.appendingPathComponent("shared")
        try FileManager.default.createDirectory(
            at: shared.appendingPathComponent("inner"),
            withIntermediateDirectories: true
        )
        try Data("inside".utf8).write(to: shared.appendingPathComponent("inner/file"))
        try FileManager.default.createSymbolicLink(atPath: shared.path + "/link", withDestinationPath: "/etc")
        let swapper = Swapper(in: shared, "inner", with: ["link"])
        for _ in 0..<100 {
            let result = try? image.shell("ls /mnt") {
                $0.mounts = [
                    ContainerMount(.bind(ByteString(shared.path), subpath: "inner"), on: "/mnt", .readOnly)
                ]
            }
            if let result { #expect(["file\n", ""].contains(result.output), "\(result.output)") }
        }
        swapper.stop()
    }

    /// S5, S35, S69: nothing of the builder can be seen: its processes, variables, files, or where the root lies.
    ///
    /// CVE class: CVE-2016-9962, CVE-2021-3602; engines that run steps in their own file system.
    @Test func nothingOfTheBuilderIsSeen() throws {
        // What a shell sets by itself, and what the container is given. Nothing is set for this test: others run beside it,
        // and the C library's variables are not made for that.
        let usual: Set<String> = ["HOME", "PATH", "PWD", "OLDPWD", "SHLVL", "_"]
        let own = ProcessInfo.processInfo.environment.keys.filter { !usual.contains($0) && !$0.contains("|") }
        try #require(!own.isEmpty, "the builder has variables of its own")
        let names = own.map { NSRegularExpression.escapedPattern(for: $0) }.joined(separator: "|")
        let result = try image.shell(
            """
            cat /proc/*/environ | tr '\\0' '\\n' | grep -cE '^(\(names))='
            ls /proc | grep -c '^[0-9]'
            ls -d /work /tmp/w '/var/lib/[s]lipway' /home/someone/.docker 2>/dev/null
            cat /proc/*/cmdline | grep -c '[s]lipway'
            for n in 1 2 3 4 5 6 7 8 9; do cat /proc/$n/maps 2>/dev/null; done | grep -c '[s]lipway'
            """
        )
        let counts = result.output.split(separator: "\n")
        try #require(counts.count == 4, "\(result.output)")
        #expect(counts[0] == "0" && counts[2] == "0" && counts[3] == "0", "\(counts)")
        #expect(Int(counts[1]).map { $0 < 6 } == true)
    }

    /// S12: no capability can be inherited, so that file capabilities give no more than they say.
    ///
    /// CVE class: CVE-2022-24769, CVE-2022-27651, CVE-2022-29162.
    @Test(arguments: [0, 1000] as [UInt32]) func noCapabilityIsInherited(_ user: UInt32) throws {
        let result = try image.shell("grep -E '^Cap(Inh|Amb)' /proc/self/status") {
            $0.user = ResolvedUser(user: user, group: user)
        }
        #expect(result.output == "CapInh:\t0000000000000000\nCapAmb:\t0000000000000000\n")
    }

    /// S21: groups are those of the image alone, the first among them.
    ///
    /// CVE class: CVE-2022-36109, CVE-2023-25173.
    @Test(arguments: [[], [7], [7, 8], [0], [5, 4]] as [[UInt32]])
    func groupsOfTheHostAreNotKept(_ groups: [UInt32]) throws {
        let result = try image.shell("grep -E '^Groups' /proc/self/status; id -g") {
            $0.user = ResolvedUser(user: 1000, group: 1001, groups: [1001] + groups)
        }
        let expected = Set([1001] + groups).sorted().map(String.init).joined(separator: " ")
        let lines = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines == ["Groups:\t\(expected)", "1001"])
    }

    /// R25: when the thread that started it is gone, so is the container; here when a run is cancelled in its start.
    @Test func aCancelledStartLeavesNoProcess() async throws {
        for delay in 0..<20 {
            let cancellation = try ContainerCancellation()
            let request = try image.request(["/bin/sleep", "1000"])
            let runner = try Containers.runner.get()
            let canceller = Task.detached {
                try await Task.sleep(for: .microseconds(delay * 500))
                cancellation.cancel()
            }
            await #expect(throws: ExecutorError.cancelled) {
                try await BlockingThread.run {
                    _ = try runner.run(request, onOutput: { _, _ in }, cancellation: cancellation)
                }
            }
            try await canceller.value
        }
    }
}

/// Exchanges a name of a folder with others, back and forth, until it is told to stop.
private final class Swapper: Sendable {
    private let isStopped = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(in folder: URL, _ name: ByteString, with others: [ByteString]) {
        let path = ByteString(folder.path)
        Thread.detachNewThread { [self] in
            defer { hasEnded.signal() }
            guard let directory = try? OwnedDescriptor.openDirectory(path) else { return }
            while !isStopped.load(ordering: .relaxed) {
                for other in others {
                    for _ in 0..<2 { try? directory.exchange(name, with: other, in: directory) }
                }
            }
        }
    }

    /// Returns when nothing is exchanged any more.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        hasEnded.wait()
    }
}

/// Names, kinds and contents of what lies in a folder but for the parts that containers write to.
private struct HostTree: Equatable {
    private let entries: [String: String]

    init(_ folder: URL) {
        var entries: [String: String] = [:]
        for name in (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? [] {
            let first = name.prefix { $0 != "/" }
            // Folders for changes and the scratch space of overlay.
            if first.hasPrefix("u") || first.hasPrefix("w") || first == "generated" { continue }
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
            entries[name] = "\(attributes?[.type] ?? "") \(attributes?[.size] ?? "")"
        }
        self.entries = entries
    }
}
