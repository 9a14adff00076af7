import ByteStrings
import Testing

@testable import ContainerSandbox

@Suite struct CgroupLayoutTests {
    private static let rest = "rw,nosuid,nodev,noexec,relatime shared:9 -"

    @Test func theUnifiedHierarchyIsFound() throws {
        let layout = CgroupLayout(
            mountInfo: ByteString("31 23 0:27 / /sys/fs/cgroup \(Self.rest) cgroup2 cgroup2 rw,nsdelegate\n"),
            ownGroups: "0::/user.slice/user-1000.slice/session-3.scope\n"
        )
        let unified = try #require(layout.unified)
        #expect(unified.own == "/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope")
        #expect(
            unified.ownAndAbove == [
                "/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope",
                "/sys/fs/cgroup/user.slice/user-1000.slice", "/sys/fs/cgroup/user.slice", "/sys/fs/cgroup",
            ]
        )
    }

    @Test func hierarchiesOfVersionOneAreFoundByController() throws {
        let layout = CgroupLayout(
            mountInfo: ByteString(
                """
                36 31 0:31 / /sys/fs/cgroup/cpu,cpuacct \(Self.rest) cgroup cgroup rw,cpu,cpuacct
                37 31 0:32 / /sys/fs/cgroup/memory \(Self.rest) cgroup cgroup rw,memory
                38 31 0:33 / /sys/fs/cgroup/systemd \(Self.rest) cgroup cgroup rw,name=systemd
                39 31 0:34 / /sys/fs/cgroup/unified \(Self.rest) cgroup2 cgroup2 rw
                40 31 0:35 / /mnt/x \(Self.rest) tmpfs tmpfs rw
                """
            ),
            ownGroups: "5:cpu,cpuacct:/a b\n4:memory:/m\n1:name=systemd:/s\n0::/\n"
        )
        #expect(layout.hierarchies.count == 3)
        let time = try #require(layout.hierarchies.first { $0.controllers == ["cpu"] })
        #expect(time.own == "/sys/fs/cgroup/cpu,cpuacct/a b")
        let memory = try #require(layout.hierarchies.first { $0.controllers == ["memory"] })
        #expect(memory.own == "/sys/fs/cgroup/memory/m")
        #expect(layout.unified?.own == "/sys/fs/cgroup/unified")
    }

    @Test(
        arguments: [
            ("/docker/abc", "/docker/abc", "/sys/fs/cgroup"), ("/docker/abc", "/docker/abc/in", "/sys/fs/cgroup/in"),
            ("/docker/abc", "/docker/abcd", "/sys/fs/cgroup"), ("/docker/abc", "/other", "/sys/fs/cgroup"),
            ("/", "/../../x", "/sys/fs/cgroup"), ("/a\\040b", "/a b/c", "/sys/fs/cgroup/c"),
        ])
    func aPartOfTheHierarchyMayBeMounted(_ root: String, _ own: String, _ expected: String) {
        let layout = CgroupLayout(
            mountInfo: ByteString("31 23 0:27 \(root) /sys/fs/cgroup \(Self.rest) cgroup2 cgroup2 rw\n"),
            ownGroups: ByteString("0::\(own)\n")
        )
        #expect(layout.unified?.own == ByteString(expected))
    }

    @Test func aHierarchyThatIsMountedAgainIsTakenOnceAndWhereItIsSeen() {
        let layout = CgroupLayout(
            mountInfo: ByteString(
                """
                31 23 0:27 /old /sys/fs/cgroup \(Self.rest) cgroup2 cgroup2 rw
                36 31 0:31 / /sys/fs/cgroup/memory \(Self.rest) cgroup cgroup rw,memory
                37 31 0:31 / /host/sys/fs/cgroup/memory \(Self.rest) cgroup cgroup rw,memory
                41 23 0:27 / /sys/fs/cgroup \(Self.rest) cgroup2 cgroup2 rw
                42 23 0:27 / /host/sys/fs/cgroup \(Self.rest) cgroup2 cgroup2 rw
                """
            ),
            ownGroups: "4:memory:/m\n0::/old/own\n"
        )
        #expect(layout.hierarchies.map(\.own) == ["/sys/fs/cgroup/old/own", "/sys/fs/cgroup/memory/m"])
    }

    @Test(arguments: ["", "x", "1 2 3\n", "1 2 3 4 5 6 -\n", "1 2 3 4 5 6 7 - cgroup2\n"])
    func whatIsNoMountIsLeftOut(_ text: String) {
        #expect(CgroupLayout(mountInfo: ByteString(text), ownGroups: "0::/\n").hierarchies == [])
    }

    @Test(
        arguments: [
            ("/a/b", "a/b"), ("a/b/", "a/b"), ("x.slice", "x.slice"), ("a-b.slice", "a.slice/a-b.slice"),
            ("/a-b-c.slice", "a.slice/a-b.slice/a-b-c.slice"), ("/a/b-c.slice", "a/b-c.slice"),
        ])
    func aParentIsAPath(_ text: String, _ expected: String) throws {
        #expect(try CgroupFactory.path(ByteString(text)) == ByteString(expected))
    }

    @Test(arguments: ["", "/", "..", "/a/../..", "a--b.slice", "-a.slice", "a\nb"])
    func aParentThatIsNoPathIsRefused(_ text: String) {
        #expect(throws: CgroupError.self) { try CgroupFactory.path(ByteString(text)) }
    }
}
