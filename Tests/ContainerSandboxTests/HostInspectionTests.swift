import ByteStrings
import LinuxSystem
import Testing

@testable import ContainerSandbox

@Suite struct HostInspectionTests {
    /// A machine on which everything is possible, for root or for an ordinary user.
    private static func facts(root: Bool = true, _ change: (inout HostFacts) -> Void = { _ in }) -> HostFacts {
        var facts = HostFacts(
            kernelRelease: "6.1.0-13-amd64",
            userID: root ? 0 : 1000,
            capabilities: root ? 0x1FF_FFFF_FFFF : 0,
            userNamespaces: .init(most: 15000),
            groups: .unified(controllers: ["cpu", "cpuset", "io", "memory", "pids"]),
            state: .init(path: "/var/lib/slipway", filesystem: 0xEF53, available: 10 << 30, isWritable: true)
        )
        facts.subordinateUsers = 65536
        facts.subordinateGroups = 65536
        facts.userMapper = .usable
        facts.groupMapper = .usable
        facts.networkHelpers = ["pasta"]
        facts.canOpenTunnel = true
        facts.canOpenFuse = true
        facts.hasNetworkModules = true
        change(&facts)
        return facts
    }

    private func findings(_ facts: HostFacts) -> [HostFinding] {
        HostInspection.findings(facts)
    }

    @Test(arguments: [true, false]) func aGoodMachineHasNothingToMend(_ root: Bool) {
        let findings = findings(Self.facts(root: root))
        #expect(findings.allSatisfy { $0.status == .ok && $0.remedy == nil })
        #expect(HostInspection.canBuild(findings))
        #expect(Set(findings.map(\.name)).count == findings.count)
    }

    @Test func devicesAreToldWhereThereAreSpecifications() throws {
        #expect(!findings(Self.facts()).contains { $0.name == "devices" })
        let sound = try #require(findings(Self.facts { $0.devices = ["v.com/d=a", "v.com/d=b"] }).last)
        #expect(sound == HostFinding("devices", .ok, "v.com/d=a, v.com/d=b"))
        let faulty = try #require(findings(Self.facts { $0.deviceFaults = ["`/x` is left out: it is empty"] }).last)
        #expect(faulty.status == .limited && faulty.detail.contains("`/x` is left out"))
        #expect(HostInspection.canBuild([faulty]))
    }

    /// What is changed of a good machine, for root, and the one finding that must follow.
    private static let rootCases: [(HostFacts, String, HostFinding.Status, String?)] = [
        (facts { $0.kernelRelease = "5.3.18" }, "kernel", .missing, "boot Linux 5.4 or newer"),
        (facts { $0.kernelRelease = "4.19.0-27" }, "kernel", .missing, "boot Linux 5.4 or newer"),
        (facts { $0.kernelRelease = "unknown" }, "kernel", .limited, nil),
        (facts { $0.kernelRelease = "99999999999999999999.1" }, "kernel", .limited, nil),
        (
            facts { $0.capabilities &= ~(1 << 6) }, "privileges", .missing,
            "run the outer container with `--cap-add=CAP_SETGID`"
        ),
        (
            facts { $0.capabilities = 1 << 31 }, "subordinate ids", .limited,
            "run the outer container with `--cap-add=SETUID --cap-add=SETGID`"
        ),
        (
            facts { $0.refusal = SandboxRefusal("nothing may be mounted", remedy: "mend it") }, "commands", .missing,
            "mend it"
        ),
        (
            facts { $0.capabilities &= ~(1 << 24 | 1 << 12) }, "privileges", .limited,
            "run the outer container with `--cap-add=CAP_NET_ADMIN --cap-add=CAP_SYS_RESOURCE`"
        ),
        (facts { $0.hasOverlay = false }, "overlay", .limited, "modprobe overlay"),
        (
            facts { $0.calls.remove(.seccomp) }, "system calls", .missing,
            "run the outer container with `--security-opt seccomp=unconfined`"
        ),
        (facts { $0.calls = [.seccomp] }, "system calls", .limited, nil),
        (facts { $0.groups = .none }, "control groups", .limited, "mount -t cgroup2 none /sys/fs/cgroup"),
        (facts { $0.groups = .unified(controllers: []) }, "control groups", .limited, nil),
        (facts { $0.groups = .version1(controllers: ["memory", "cpu"]) }, "control groups", .limited, nil),
        (facts { $0.hasNetworkModules = false }, "network", .limited, "modprobe -a bridge veth nf_tables"),
        (
            facts { $0.state.isWritable = false }, "state directory", .missing,
            "pass `--root` with a folder on a local disk"
        ),
        (
            facts { $0.state.filesystem = FilesystemStatus.overlay }, "state directory", .limited,
            "run the outer container with `--volume slipway:/var/lib/slipway`, or pass `--root` with a folder on a "
                + "local disk"
        ),
        (
            facts { $0.state.filesystem = FilesystemStatus.nfs }, "state directory", .limited,
            "pass `--root` with a folder on a local disk"
        ),
        (
            facts { $0.state.available = 1 << 20 }, "state directory", .missing,
            "pass `--root` with a folder on a local disk"
        ),
        (
            facts { $0.state.available = 500 << 20 }, "state directory", .limited,
            "free space, or pass `--root` with a folder on a local disk"
        ),
    ]

    @Test(arguments: 0..<rootCases.count) func whatRootLacksIsNamed(_ index: Int) throws {
        try expectOnly(Self.rootCases[index])
    }

    /// The same for an ordinary user.
    private static let userCases: [(HostFacts, String, HostFinding.Status, String?)] = [
        (facts(root: false) { $0.userNamespaces.most = nil }, "user namespaces", .missing, "run as root"),
        (
            facts(root: false) { $0.userNamespaces.most = 0 }, "user namespaces", .missing,
            "sysctl -w user.max_user_namespaces=15000"
        ),
        (
            facts(root: false) { $0.userNamespaces.areSwitchedOff = true }, "user namespaces", .missing,
            "sysctl -w kernel.unprivileged_userns_clone=1"
        ),
        (
            facts(root: false) { $0.userNamespaces.areConfined = true }, "user namespaces", .missing,
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        ),
        (
            facts(root: false) { $0.subordinateUsers = 0 }, "subordinate ids", .limited,
            "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER"
        ),
        (
            facts(root: false) { $0.subordinateGroups = 1000 }, "subordinate ids", .limited,
            "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER"
        ),
        (
            facts(root: false) { $0.userMapper = .missing }, "subordinate ids", .limited, "apt-get install uidmap"
        ),
        (
            facts(root: false) { $0.groupMapper = .powerless }, "subordinate ids", .limited,
            "chmod u+s $(command -v newgidmap)"
        ),
        (
            facts(root: false) { $0.hasNoNewPrivileges = true }, "subordinate ids", .limited,
            "run the outer container without `no-new-privileges`"
        ),
        (
            facts(root: false) { $0.kernelRelease = "5.10.0" }, "overlay for users", .limited,
            "boot Linux 5.11 or newer"
        ),
        (facts(root: false) { $0.networkHelpers = [] }, "network", .limited, "apt-get install passt"),
        (
            facts(root: false) { $0.hasTunnel = false }, "network", .limited,
            "modprobe tun, or run the outer container with `--device /dev/net/tun`"
        ),
        (facts(root: false) { $0.canOpenTunnel = false }, "network", .limited, "chmod 666 /dev/net/tun"),
        (
            facts(root: false) { $0.groups = .unified(controllers: ["memory", "pids"]) }, "control groups", .limited,
            "systemd-run --user --scope -p Delegate=yes slipway build …"
        ),
        (
            facts(root: false) { $0.canMakeGroups = false }, "control groups", .limited,
            "systemd-run --user --scope -p Delegate=yes slipway build …"
        ),
        (
            facts(root: false) {
                $0.groups = .version1(controllers: ["memory"])
                $0.canMakeGroups = false
            }, "control groups", .limited, nil
        ),
    ]

    @Test(arguments: 0..<userCases.count) func whatAnOrdinaryUserLacksIsNamed(_ index: Int) throws {
        try expectOnly(Self.userCases[index])
    }

    /// Expects exactly one finding that is not as it should be.
    private func expectOnly(_ expected: (HostFacts, String, HostFinding.Status, String?)) throws {
        let found = findings(expected.0)
        let bad = found.filter { $0.status != .ok }
        #expect(bad.map(\.name) == [expected.1], "\(bad)")
        #expect(bad.first?.status == expected.2)
        #expect(bad.first?.remedy == expected.3)
        #expect(HostInspection.canBuild(found) == (expected.2 != .missing))
    }

    @Test func whatHasNoCommandsCanBeBuiltWithoutThem() {
        let refused = findings(Self.facts { $0.refusal = SandboxRefusal("nothing may be mounted") })
        #expect(!HostInspection.canBuild(refused))
        #expect(HostInspection.canBuildWithoutCommands(refused))
        let full = findings(Self.facts { $0.state.isWritable = false })
        #expect(!HostInspection.canBuildWithoutCommands(full))
    }

    /// Every combination of what may be wrong gives findings with details, and the verdict follows from them.
    @Test func everyCombinationIsJudged() {
        for mask in 0..<(1 << 11) {
            func isSet(_ bit: Int) -> Bool { mask >> bit & 1 == 1 }
            let facts = Self.facts(root: isSet(0)) {
                if isSet(1) { $0.kernelRelease = "5.4.0" }
                if isSet(2) { $0.hasOverlay = false }
                if isSet(3) { $0.userNamespaces.most = 0 }
                if isSet(4) { $0.subordinateUsers = 0 }
                if isSet(5) { $0.groups = .none }
                if isSet(6) { $0.calls = [] }
                if isSet(7) { $0.networkHelpers = [] }
                if isSet(8) { $0.state.isWritable = false }
                if isSet(9) { $0.capabilities = 0 }
                if isSet(10) { $0.hasNoNewPrivileges = true }
            }
            let found = findings(facts)
            #expect(found.allSatisfy { !$0.detail.isEmpty && ($0.status != .ok || $0.remedy == nil) })
            let needsNamespace = !isSet(0) || isSet(9)
            let cannot = isSet(6) || isSet(8) || (needsNamespace && isSet(3))
            #expect(HostInspection.canBuild(found) == !cannot, "\(mask)")
        }
    }

    @Test func thisMachineCanBeAsked() {
        let facts = HostProbe(environment: Host.environment).facts(stateDirectory: "/tmp/nowhere/at/all")
        #expect(facts.state.path == "/tmp/nowhere/at/all")
        #expect(facts.state.isWritable)
        #expect(facts.state.available > 0)
        #expect(facts.userID == Host.effectiveUserID)
        #expect(facts.calls.contains(.openProcess))
        #expect(HostInspection.findings(facts).count > 6)
    }

    @Test(.enabled(if: Containers.isPossible, "needs a machine that runs containers"))
    func aMachineThatRunsContainersIsToldTo() {
        let facts = HostProbe(environment: Host.environment).facts(stateDirectory: "/var/tmp")
        #expect(HostInspection.canBuild(HostInspection.findings(facts)))
    }
}
