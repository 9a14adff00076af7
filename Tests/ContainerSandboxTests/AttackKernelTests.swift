import ByteStrings
import Foundation
import LinuxSystem
import Testing

@testable import ContainerSandbox

/// What a hostile command tries against the kernel.
@Suite(.attackProgram) struct AttackKernelTests {
    private let image: TestImage

    init() throws {
        image = try TestImage()
        try AttackProgram.install(in: image)
    }

    private func attack(_ line: String) throws -> [Substring] {
        let result = try image.shell("/attacks \(line)")
        #expect(result.status == .code(0), "\(result.errors)")
        return result.output.split(separator: "\n")
    }

    /// S14, S15: new namespaces and file systems, by every interface of the machine.
    ///
    /// CVE class: kernel surface opened from inside, as in CVE-2022-0185 and CVE-2023-0386.
    @Test func sixtyCallsAreRefusedByEveryInterface() throws {
        let lines = try attack("calls")
        #expect(lines.count > 170)
        for line in lines {
            let words = line.split(separator: " ")
            try #require(words.count == 3)
            #expect(words[2] == (words[0] == "newer" ? "38" : "1"), "\(line)")
        }
    }

    /// S15: the kernel's cryptography cannot be reached, other sockets can, from 32-bit programs too.
    ///
    /// CVE class: CVE-2026-31431, a hole behind a socket family.
    @Test func socketsOfTheKernelsCryptographyAreRefused() throws {
        let lines = try attack("sockets")
        #expect(lines.count == 12)
        for line in lines {
            let isRefused = line.contains(" 38 ") || line.contains(" 40 ")
            #expect(line.hasSuffix(isRefused ? " 1" : " 0"), "\(line)")
        }
    }

    @Test func threadsAndProcessesAreStillMade() throws {
        #expect(try attack("threads") == ["ok"])
    }

    /// S11: a changed root is left the classical way, and leads no further than the container.
    ///
    /// CVE class: chroot in place of a new root.
    @Test func anEscapeFromAChangedRootEndsInTheContainer() throws {
        let canary = image.folder.appendingPathComponent("canary")
        try Data().write(to: canary)
        #expect(try attack("escape \(canary.path)") == ["inside", "own root"])
    }

    /// S3: neither the first process nor what started it can be written to.
    ///
    /// CVE class: CVE-2019-5736, the runtime's binary overwritten through the process file system.
    @Test func theProgramsOfTheBuilderCannotBeOverwritten() throws {
        let own = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"))
        // Itself, which is busy; and through a script whose interpreter is whoever starts it.
        #expect(try attack("write /proc/self/exe") == ["26"])
        try image.write("#!/proc/self/exe\n", to: "bin/mirror", permissions: 0o755)
        for _ in 0..<20 {
            let ended = try? image.run(try image.request(["/bin/mirror", "x"])).status
            #expect(ended != .code(0))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe")) == own)
        #expect(try image.shell("true").status == .code(0))
    }

    /// S13: devices that came with a layer, and those that are made, stay closed.
    ///
    /// CVE class: raw disks behind a node and CAP_MKNOD.
    @Test func devicesOfALayerCannotBeOpened() throws {
        let devices = [
            ("b", 1, 0), ("b", 7, 0), ("b", 8, 0), ("b", 9, 0), ("b", 11, 0), ("b", 43, 0), ("b", 147, 0),
            ("b", 202, 0),
            ("b", 252, 0), ("b", 253, 0), ("b", 254, 0), ("b", 259, 0), ("c", 1, 1), ("c", 1, 2), ("c", 1, 4),
            ("c", 1, 11), ("c", 4, 0), ("c", 5, 1), ("c", 10, 183), ("c", 10, 200), ("c", 10, 229), ("c", 10, 237),
        ]
        for (kind, major, minor) in devices {
            let mode = (kind == "b" ? S_IFBLK : S_IFCHR) | 0o666
            let node = image.base.path + "/node-\(kind)-\(major)-\(minor)"
            #expect(mknod(node, mode, dev_t(major << 8 | (minor & 0xFF) | (minor & ~0xFF) << 12)) == 0)
        }
        let result = try image.shell("for n in /node-*; do head -c 1 $n && echo opened $n; done")
        #expect(result.output == "")
        #expect(result.errors.split(separator: "\n").count { $0.hasSuffix("Permission denied") } == devices.count)
    }

    /// S16: no group can be made, moved to, or told what to run at its end.
    ///
    /// CVE class: CVE-2022-0492, the release agent of control groups.
    @Test(
        arguments: [
            "mkdir /sys/fs/cgroup/x", "mount -o remount,rw /sys/fs/cgroup", "echo 1 > /sys/fs/cgroup/cgroup.procs",
            "echo x > /sys/fs/cgroup/release_agent", "mkdir /g && mount -t cgroup -o memory none /g",
            "mkdir /g && mount -t cgroup2 none /g", "find /sys/fs/cgroup -name release_agent | grep .",
        ])
    func groupsAreOutOfReach(_ command: String) throws {
        #expect(try image.shell(command).status != .code(0))
    }

    /// S17: nothing of the kernel's that concerns the host can be opened for writing.
    ///
    /// CVE class: CVE-2018-10892 and other leaks through files of the kernel.
    @Test func noFileOfTheKernelCanBeWrittenButTheProcessOwn() throws {
        let result = try image.shell(
            """
            find /proc /sys -type f -perm /222 ! -path '/proc/[0-9]*' 2>/dev/null | while read -r file; do
                if (: >>"$file") 2>/dev/null; then echo "$file"; fi
            done
            """
        )
        // Their content is masked, so that what is opened is the null device or nothing of the host's.
        let harmless: Set<Substring> = ["/proc/keys", "/proc/timer_list", "/proc/kcore", "/proc/sched_debug"]
        let open = result.output.split(separator: "\n").filter { !harmless.contains($0) }
        #expect(open.allSatisfy { $0.hasPrefix("/proc/") && !$0.hasPrefix("/proc/sys") }, "\(open)")
        #expect(Set(open).isSubset(of: Self.writableForDocker), "\(open)")
    }

    /// What a container of Docker's can open as well.
    private static let writableForDocker: Set<Substring> = [
        "/proc/mtrr", "/proc/slabinfo", "/proc/pressure/cpu", "/proc/pressure/io", "/proc/pressure/irq",
        "/proc/pressure/memory",
    ]
}
