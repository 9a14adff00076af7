import ByteStrings
import LinuxSystem
import SystemPackage
import Testing

@testable import ContainerSandbox

/// The unified hierarchy, in memory.
@Suite struct CgroupFactoryTests {
    private static let root: ByteString = "/sys/fs/cgroup"

    /// A machine whose builder runs in `own`, with the groups down to it.
    private func machine(
        _ own: String,
        controllers: String = "cpuset cpu io memory pids"
    ) throws -> (FakeCgroupFilesystem, CgroupFactory) {
        let filesystem = FakeCgroupFilesystem(root: Self.root, controllers: controllers)
        var path = Self.root
        for name in ByteString(own).pathComponents {
            path = path.appendingPath(name)
            try filesystem.makeDirectory(path)
        }
        filesystem.populate(path)
        let layout = CgroupLayout(
            mountInfo: "1 2 0:3 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
            ownGroups: ByteString("0::\(own)\n")
        )
        filesystem.clearLog()
        return (filesystem, CgroupFactory(filesystem: filesystem, layout: layout))
    }

    private static func limits(_ change: (inout CgroupLimits) -> Void) -> CgroupLimits {
        var limits = CgroupLimits()
        change(&limits)
        return limits
    }

    @Test func everyLimitIsWritten() throws {
        let (filesystem, factory) = try machine("/")
        let group = try factory.make(
            Self.limits {
                $0.memory = 1 << 20
                $0.processorTime = .init(quota: 150_000)
                $0.processorShares = 1024
                $0.processors = "0-1"
                $0.memoryNodes = "0"
                $0.processes = 7
            },
            named: "slipway-a-1"
        )
        #expect(
            filesystem.log == [
                "/sys/fs/cgroup/cgroup.subtree_control = +cpu +cpuset +memory +pids",
                "mkdir /sys/fs/cgroup/slipway-a-1",
                "/sys/fs/cgroup/slipway-a-1/memory.max = 1048576",
                "/sys/fs/cgroup/slipway-a-1/memory.swap.max = 1048576",
                "/sys/fs/cgroup/slipway-a-1/cpu.max = 150000 100000",
                "/sys/fs/cgroup/slipway-a-1/cpu.weight = 39",
                "/sys/fs/cgroup/slipway-a-1/cpuset.cpus = 0-1",
                "/sys/fs/cgroup/slipway-a-1/cpuset.mems = 0",
                "/sys/fs/cgroup/slipway-a-1/pids.max = 7",
            ]
        )
        #expect(group.folders == [.init(path: "/sys/fs/cgroup/slipway-a-1", isUnified: true, countsMemory: true)])
        let opened = try OpenCgroup(group)
        #expect(opened.descriptors.folders == [try #require(opened.descriptors.unified)])
    }

    @Test(
        arguments: [
            (nil, "1048576"), (UInt64(1 << 20), "0"), (3 << 20, "2097152"), (CgroupLimits.unlimited, "max"),
        ] as [(UInt64?, String)]
    )
    func swapIsCountedAlone(_ both: UInt64?, _ expected: String) throws {
        let (filesystem, factory) = try machine("/")
        _ = try factory.make(
            Self.limits {
                $0.memory = 1 << 20
                $0.memoryAndSwap = both
            },
            named: "g"
        )
        #expect(filesystem.log.last == "/sys/fs/cgroup/g/memory.swap.max = \(expected)")
    }

    /// A group with processes can give controllers to none below, so the nearest one above without any is taken.
    @Test func theGroupIsMadeBesideTheBuildersOwn() throws {
        let (filesystem, factory) = try machine("/user.slice/session.scope")
        let group = try factory.make(Self.limits { $0.processes = 9 }, named: "slipway-s-1")
        #expect(group.folders.map(\.path) == ["/sys/fs/cgroup/user.slice/slipway-s-1"])
        #expect(
            filesystem.log == [
                "/sys/fs/cgroup/cgroup.subtree_control = +pids",
                "/sys/fs/cgroup/user.slice/cgroup.subtree_control = +pids",
                "mkdir /sys/fs/cgroup/user.slice/slipway-s-1",
                "/sys/fs/cgroup/user.slice/slipway-s-1/pids.max = 9",
            ]
        )
    }

    /// An ordinary user owns a part of the tree only, where controllers are on already.
    @Test func aDelegatedGroupIsUsed() throws {
        let (filesystem, factory) = try machine("/user.slice/user@1/app.slice/shell.scope")
        for place in ["", "/user.slice", "/user.slice/user@1"] {
            let path = ByteString("/sys/fs/cgroup\(place)")
            filesystem.set(path.appendingPath("cgroup.subtree_control"), "memory pids\n")
            filesystem.forbidWriting(path)
        }
        let app: ByteString = "/sys/fs/cgroup/user.slice/user@1/app.slice"
        filesystem.set(app.appendingPath("cgroup.controllers"), "memory pids\n")
        let group = try factory.make(Self.limits { $0.memory = 1 << 30 }, named: "g")
        #expect(group.folders.map(\.path) == [app.appendingPath("g")])
    }

    @Test func withoutDelegationTheLimitIsNamed() throws {
        let (filesystem, factory) = try machine("/user.slice")
        for path in ["/sys/fs/cgroup", "/sys/fs/cgroup/user.slice"] as [ByteString] { filesystem.forbidWriting(path) }
        let error = #expect(throws: CgroupError.self) {
            try factory.make(Self.limits { $0.processorShares = 2 }, named: "g")
        }
        #expect(error?.description.hasPrefix("cannot apply `--cpu-shares`: no cgroup may be made here") == true)
        #expect(filesystem.log == [])
    }

    @Test(
        arguments: [
            (limits { $0.memory = 1 << 20 }, "memory", "memory"),
            (limits { $0.processorTime = .init(quota: 1) }, "cpus", "cpu"),
            (limits { $0.processorShares = 2 }, "cpu-shares", "cpu"),
            (limits { $0.processors = "0" }, "cpuset-cpus", "cpuset"),
            (limits { $0.memoryNodes = "0" }, "cpuset-mems", "cpuset"),
            (limits { $0.processes = 1 }, "pids-limit", "pids"),
        ] as [(CgroupLimits, String, String)]
    )
    func aMissingControllerIsNamed(_ limits: CgroupLimits, _ limit: String, _ controller: String) throws {
        let others = ["cpuset", "cpu", "memory", "pids"].filter { $0 != controller }.joined(separator: " ")
        let (filesystem, factory) = try machine("/", controllers: others)
        let error = #expect(throws: CgroupError.self) { try factory.make(limits, named: "g") }
        #expect(
            error?.description
                == "cannot apply `--\(limit)`: this machine has no cgroup controller `\(controller)`"
        )
        #expect(filesystem.log == [])
    }

    @Test func aParentIsMadeAndGoesAgain() throws {
        let (filesystem, factory) = try machine("/own")
        let group = try factory.make(
            Self.limits {
                $0.parent = "/ci/jobs"
                $0.processes = 3
            },
            named: "g"
        )
        #expect(group.folders.map(\.path) == ["/sys/fs/cgroup/ci/jobs/g"])
        #expect(group.madeParents == ["/sys/fs/cgroup/ci", "/sys/fs/cgroup/ci/jobs"])
        group.remove()
        #expect(filesystem.folders == ["/sys/fs/cgroup", "/sys/fs/cgroup/own"])
    }

    @Test func aParentThatWasThereStays() throws {
        let (filesystem, factory) = try machine("/own")
        try filesystem.makeDirectory("/sys/fs/cgroup/ci")
        try factory.make(Self.limits { $0.parent = "ci" }, named: "g").remove()
        #expect(filesystem.folders.contains("/sys/fs/cgroup/ci"))
    }

    @Test func aRefusedValueLeavesNothing() throws {
        let (filesystem, factory) = try machine("/")
        filesystem.forbidWriting("/sys/fs/cgroup/g")
        let error = #expect(throws: CgroupError.self) { try factory.make(Self.limits { $0.processes = 5 }, named: "g") }
        #expect(error?.description.hasPrefix("cannot apply `--pids-limit`: the kernel refuses `5`") == true)
        #expect(filesystem.folders == ["/sys/fs/cgroup"])
    }

    @Test func aBusyGroupIsKilledAndTriedAgain() throws {
        let (filesystem, factory) = try machine("/")
        let group = try factory.make(Self.limits { $0.processes = 5 }, named: "g")
        filesystem.keepBusy("/sys/fs/cgroup/g", times: 5)
        group.remove()
        #expect(filesystem.log.suffix(2) == ["/sys/fs/cgroup/g/cgroup.kill = 1", "rmdir /sys/fs/cgroup/g"])
    }

    @Test(arguments: [
        ("low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\n", 2), ("oom_kill 0\n", 0), ("", 0), ("oom_kill x", 0),
    ])
    func killsForMemoryAreCounted(_ events: String, _ expected: UInt64) throws {
        let (filesystem, factory) = try machine("/")
        let group = try factory.make(Self.limits { $0.memory = 1 << 30 }, named: "g")
        filesystem.set("/sys/fs/cgroup/g/memory.events", ByteString(events))
        #expect(group.memoryKills == expected)
    }

    /// Groups that a killed builder left, of a session that is gone.
    @Test func leftoversOfDeadSessionsAreSwept() throws {
        let (filesystem, factory) = try machine("/a/own")
        let names: [ByteString] = [
            "a/slipway-dead-1", "a/slipway-dead-1/nested", "a/slipway-alive-1", "a/slipway-dead", "a/other-dead-1",
            "slipway-de-ad-12",
        ]
        for name in names { try filesystem.makeDirectory(("/sys/fs/cgroup" as ByteString).appendingPath(name)) }
        factory.sweep { $0 == "alive" }
        let left = filesystem.folders.map(\.lastPathComponent).sorted()
        #expect(left == ["a", "cgroup", "other-dead-1", "own", "slipway-alive-1", "slipway-dead"])
    }

    @Test func aNameTellsItsSession() {
        let name = CgroupFactory.name(session: "0a-f", number: 12)
        #expect(name == "slipway-0a-f-12")
        #expect(CgroupFactory.session(of: name) == "0a-f")
    }

    @Test(arguments: [(2, 1), (1024, 39), (262_144, 10_000), (0, 1), (UInt64.max, 10_000)] as [(UInt64, UInt64)])
    func sharesBecomeWeights(_ shares: UInt64, _ weight: UInt64) {
        #expect(CgroupLimits.weight(shares) == weight)
    }
}
