import ByteStrings
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import ContainerSandbox

@Suite(.containers) struct ContainerIsolationTests {
    private let image: TestImage

    init() throws {
        image = try TestImage()
    }

    // MARK: - Privileges

    @Test func rootHasTheStandardCapabilitiesAndAFilter() throws {
        let status = try image.shell("grep -E '^(Cap|Seccomp:|NoNewPrivs)' /proc/self/status").output
        #expect(
            status == """
                CapInh:\t0000000000000000
                CapPrm:\t00000000a80425fb
                CapEff:\t00000000a80425fb
                CapBnd:\t00000000a80425fb
                CapAmb:\t0000000000000000
                NoNewPrivs:\t0
                Seccomp:\t2

                """
        )
    }

    @Test func anotherUserHasNoCapabilitiesAndItsGroupsOnly() throws {
        let result = try image.shell("id; grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status; echo x > /dev/stdout") {
            $0.user = ResolvedUser(user: 1000, group: 1001, groups: [1001, 7, 4])
        }
        #expect(
            result.output == """
                uid=1000 gid=1001 groups=4,7,1001
                CapPrm:\t0000000000000000
                CapEff:\t0000000000000000
                CapBnd:\t00000000a80425fb
                x

                """
        )
    }

    @Test func anInsecureContainerHasEverything() throws {
        let result = try image.shell(
            "grep -E '^(Cap|Seccomp:)' /proc/self/status; mount -t tmpfs none /tmp && ls /dev/kmsg; test -w /sys && echo rw; mknod /tmp/n c 1 5 && head -c 1 /tmp/n | wc -c"
        ) { $0.shape.isInsecure = true }
        let own = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
        let held = try #require(own.first { $0.hasPrefix("CapPrm") }).dropFirst(7)
        let filter = try #require(own.first { $0.hasPrefix("Seccomp:") })
        #expect(
            result.output == """
                CapInh:\(held)
                CapPrm:\(held)
                CapEff:\(held)
                CapBnd:\(held)
                CapAmb:\(held)
                \(filter)
                /dev/kmsg
                rw
                1

                """
        )
    }

    @Test(
        arguments: [
            "mount -t tmpfs none /tmp", "umount /proc", "unshare -m true", "unshare -U true", "unshare -n true",
            "hostname other", "mount -o remount,rw /sys", "mount -o remount,dev /",
        ])
    func theKernelIsOutOfReach(_ command: String) throws {
        #expect(try image.shell(command).status != .code(0))
    }

    @Test(arguments: [("b", 254, 0), ("b", 8, 0), ("b", 7, 0), ("c", 1, 1), ("c", 10, 229)])
    func aDeviceThatTheContainerMakesCannotBeOpened(_ kind: String, _ major: Int, _ minor: Int) throws {
        for folder in ["/", "/dev", "/dev/shm", "/tmp"] {
            let node = "\(folder)/node"
            let result = try image.shell(
                "mknod \(node) \(kind) \(major) \(minor) && test -e \(node) && head -c 1 \(node)"
            )
            #expect(result.status != .code(0))
            #expect(result.errors.contains("Permission denied"), "\(node): \(result.errors)")
        }
    }

    // MARK: - Namespaces

    @Test func namespacesAreNew() throws {
        let names = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"]
        let list = names.joined(separator: " ")
        let inside = try image.shell("for n in \(list); do readlink /proc/self/ns/$n; done").output.split(
            separator: "\n"
        ).map(String.init)
        let outside = try names.map { try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\($0)") }
        try #require(inside.count == names.count)
        for (index, name) in names.enumerated() { #expect((inside[index] == outside[index]) == (name == "user")) }
    }

    @Test func withoutANetworkThereIsLoopbackOnly() throws {
        let result = try image.shell("ls /sys/class/net; ifconfig lo")
        #expect(result.output.hasPrefix("lo\n"))
        #expect(result.output.contains("UP LOOPBACK RUNNING"))
        #expect(result.output.contains("127.0.0.1"))
    }

    @Test func theHostsNetworkIsTheHosts() throws {
        let result = try image.shell("readlink /proc/self/ns/net") { $0.shape.network = .host }
        #expect(
            result.output == (try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")) + "\n"
        )
    }

    // MARK: - The kernel's files

    @Test func systemMountsAreAsExpected() throws {
        let lines = try image.shell("cat /proc/self/mountinfo").output.split(separator: "\n")
        func mount(_ place: String) -> String? {
            lines.last { $0.split(separator: " ")[4] == place }.map { line in
                let words = line.split(separator: " ")
                return "\(words[8]) \(words[5])"
            }
        }
        #expect(mount("/") == "overlay rw,nodev,relatime")
        #expect(mount("/proc") == "proc rw,nosuid,nodev,noexec,relatime")
        #expect(mount("/sys") == "sysfs ro,nosuid,nodev,noexec,relatime")
        #expect(mount("/dev") == "tmpfs rw,nosuid,nodev")
        #expect(mount("/dev/null") == "tmpfs rw,nosuid")
        #expect(mount("/dev/pts") == "devpts rw,nosuid,noexec,relatime")
        #expect(mount("/dev/shm") == "tmpfs rw,nosuid,nodev,noexec,relatime")
        #expect(mount("/dev/mqueue") == "mqueue rw,nosuid,nodev,noexec,relatime")
        #expect(mount("/proc/sys") == "proc ro,nosuid,nodev,noexec,relatime")
        if let group = mount("/sys/fs/cgroup") { #expect(group == "cgroup2 ro,nosuid,nodev,noexec,relatime") }
        #expect(!lines.contains { $0.contains(image.folder.path) && $0.split(separator: " ")[4] != "/" })
    }

    @Test func devicesAreTheUsualOnes() throws {
        let result = try image.shell(
            "cd /dev; stat -c '%n %F %t:%T %a %u:%g' null zero full tty random urandom; ls; for l in fd stdin stdout stderr ptmx; do readlink $l; done; readlink core || true"
        )
        // Only a kernel that shows its memory gets a link to it.
        let core = FileManager.default.fileExists(atPath: "/proc/kcore")
        #expect(
            result.output == """
                null character special file 1:3 666 0:0
                zero character special file 1:5 666 0:0
                full character special file 1:7 666 0:0
                tty character special file 5:0 666 0:0
                random character special file 1:8 666 0:0
                urandom character special file 1:9 666 0:0
                \(core ? "core\n" : "")fd
                full
                mqueue
                null
                ptmx
                pts
                random
                shm
                stderr
                stdin
                stdout
                tty
                urandom
                zero
                /proc/self/fd
                /proc/self/fd/0
                /proc/self/fd/1
                /proc/self/fd/2
                pts/ptmx
                \(core ? "/proc/kcore\n" : "")
                """
        )
    }

    @Test func devicesWork() throws {
        let result = try image.shell(
            "echo gone > /dev/null && head -c 3 /dev/zero | wc -c && head -c 5 /dev/urandom | wc -c"
        )
        #expect(result.output == "3\n5\n")
    }

    @Test func sharedMemoryHasTheSizeAskedFor() throws {
        let result = try image.shell("df -k /dev/shm") { $0.shape.sharedMemorySize = 3 << 20 }
        let line = try #require(result.output.split(separator: "\n").last)
        #expect(line.split(separator: " ").prefix(2) == ["tmpfs", "3072"])
    }

    @Test(arguments: ["kcore", "keys", "timer_list", "interrupts", "sched_debug", "latency_stats", "timer_stats"])
    func hiddenFilesAreEmpty(_ name: String) throws {
        let result = try image.shell(
            "if test -e /proc/\(name); then cat /proc/\(name) && ! chmod 777 /proc/\(name) 2>/dev/null; fi"
        )
        #expect(result.output == "")
        #expect(result.status == .code(0))
    }

    @Test(arguments: ["/proc/acpi", "/proc/scsi", "/proc/asound", "/sys/firmware", "/sys/devices/virtual/powercap"])
    func hiddenFoldersAreEmpty(_ path: String) throws {
        #expect(try image.shell("if test -d \(path); then ls -A \(path); ! touch \(path)/x; fi").output == "")
    }

    @Test(arguments: ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/vm/drop_caches"])
    func readOnlyFilesCannotBeWritten(_ path: String) throws {
        let result = try image.shell("test -e \(path) || touch /etc/absent; echo 0 > \(path)")
        // Not every kernel has every file.
        guard !(try image.changes()).contains("etc/absent") else { return }
        #expect(result.errors.contains("Read-only file system"))
    }

    @Test func theGroupTreeCannotBeWritten() throws {
        #expect(try image.shell("mkdir /sys/fs/cgroup/x").status != .code(0))
    }

    @Test func theFirstProcessIsNotTheBuilders() throws {
        let result = try image.shell("readlink /proc/1/exe; cat /proc/1/environ | wc -c")
        #expect(result.output.hasPrefix("/bin/busybox\n"))
    }
}
