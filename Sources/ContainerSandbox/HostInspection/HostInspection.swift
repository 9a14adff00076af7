import LinuxSystem

/// Judges what a machine offers to builds.
package enum HostInspection {
    /// Everything worth to be told about a machine, the most basic first.
    package static func findings(_ facts: HostFacts) -> [HostFinding] {
        var findings = [kernel(facts), privileges(facts), commands(facts)]
        if !facts.isRoot { findings += UserNamespaceInspection.findings(facts) }
        findings += calls(facts)
        findings += [overlay(facts), groups(facts), network(facts), state(facts), registries(facts)]
        if !facts.devices.isEmpty || !facts.deviceFaults.isEmpty { findings.append(devices(facts)) }
        return findings
    }

    /// Whether builds can run.
    package static func canBuild(_ findings: [HostFinding]) -> Bool {
        !findings.contains { $0.status == .missing }
    }

    /// Whether builds can run that have no RUN.
    package static func canBuildWithoutCommands(_ findings: [HostFinding]) -> Bool {
        canBuild(findings.filter { $0.name != commandsName })
    }

    private static let commandsName = "commands"

    /// Whatever else is found, this was tried.
    private static func commands(_ facts: HostFacts) -> HostFinding {
        guard let refusal = facts.refusal else {
            return HostFinding(commandsName, .ok, "a container for a RUN can be set up")
        }
        return HostFinding(commandsName, .missing, refusal.reason, remedy: refusal.remedy)
    }

    // MARK: - The kernel

    private static func kernel(_ facts: HostFacts) -> HostFinding {
        let parts = facts.kernelRelease.split { !$0.isASCII || !$0.isNumber }.prefix(2).compactMap { UInt32($0) }
        guard parts.count == 2 else {
            return HostFinding("kernel", .limited, "Linux `\(facts.kernelRelease)`, which is no version")
        }
        guard parts[0] > 5 || parts[0] == 5 && parts[1] >= 4 else {
            return HostFinding(
                "kernel",
                .missing,
                "Linux \(facts.kernelRelease) has no process descriptors",
                remedy: "boot Linux 5.4 or newer"
            )
        }
        return HostFinding("kernel", .ok, "Linux \(facts.kernelRelease)")
    }

    private static func calls(_ facts: HostFacts) -> [HostFinding] {
        let missing = ProbedCall.allCases.filter { !facts.calls.contains($0) }
        guard !missing.isEmpty else {
            return [HostFinding("system calls", .ok, ProbedCall.allCases.map(\.rawValue).joined(separator: ", "))]
        }
        let needed = missing.filter { $0 == .seccomp }
        let replaced = missing.filter { !needed.contains($0) }
        var findings: [HostFinding] = []
        if !needed.isEmpty {
            let names = needed.map(\.rawValue).joined(separator: ", ")
            findings.append(
                HostFinding(
                    "system calls",
                    .missing,
                    "\(names) cannot be called: the kernel is too old, or a filter around this process hides them",
                    remedy: "run the outer container with `--security-opt seccomp=unconfined`"
                )
            )
        }
        if !replaced.isEmpty {
            let names = replaced.map(\.rawValue).joined(separator: ", ")
            findings.append(HostFinding("system calls", .limited, "\(names) cannot be called; slower ways are taken"))
        }
        return findings
    }

    // MARK: - Privileges

    /// What a capability is for, and what is lost without it.
    private static let wanted: [(number: UInt64, name: String, loss: String, isNeeded: Bool)] = [
        (6, "CAP_SETGID", "no user can be assumed", true),
        (7, "CAP_SETUID", "no user can be assumed", true), (8, "CAP_SETPCAP", "no capability can be dropped", true),
        (18, "CAP_SYS_CHROOT", "no root can be entered", true),
        (0, "CAP_CHOWN", "files cannot get their owners", true),
        (1, "CAP_DAC_OVERRIDE", "files of others cannot be read", true),
        (3, "CAP_FOWNER", "files of others cannot get their modes", true),
        (27, "CAP_MKNOD", "layers with devices cannot be unpacked", true),
        (12, "CAP_NET_ADMIN", "steps get no network of their own", false),
        (31, "CAP_SETFCAP", "file capabilities cannot be written", false),
        (24, "CAP_SYS_RESOURCE", "--ulimit cannot go beyond the limits of this process", false),
    ]

    private static func privileges(_ facts: HostFacts) -> HostFinding {
        guard facts.isRoot else {
            let user = facts.userID == 0 ? "root without CAP_SYS_ADMIN" : "user \(facts.userID)"
            return HostFinding("privileges", .ok, "\(user), so that steps run in a user namespace")
        }
        let missing = wanted.filter { !facts.has($0.number) }
        guard !missing.isEmpty else { return HostFinding("privileges", .ok, "root with the capabilities of builds") }
        let needed = missing.filter(\.isNeeded)
        let told = (needed.isEmpty ? missing : needed).map { "\($0.name): \($0.loss)" }.joined(separator: "; ")
        let remedy =
            "run the outer container with `\((needed.isEmpty ? missing : needed).map { "--cap-add=\($0.name)" }.joined(separator: " "))`"
        return HostFinding("privileges", needed.isEmpty ? .limited : .missing, "root without \(told)", remedy: remedy)
    }

    // MARK: - What steps run on

    private static func overlay(_ facts: HostFacts) -> HostFinding {
        guard facts.hasOverlay else {
            let detail = "the kernel does not know overlay: each RUN works on a copy of its root"
            return HostFinding("overlay", .limited, detail, remedy: "modprobe overlay")
        }
        return HostFinding("overlay", .ok, "the kernel knows overlay")
    }

    private static func groups(_ facts: HostFacts) -> HostFinding {
        let flags: [(controller: String, flag: String)] = [
            ("memory", "--memory"), ("cpu", "--cpus"), ("cpuset", "--cpuset-cpus"), ("pids", "--pids-limit"),
        ]
        let (kind, controllers): (String, Set<String>)
        switch facts.groups {
        case .none:
            return HostFinding(
                "control groups",
                .limited,
                "none are mounted: steps cannot be limited",
                remedy: facts.isRoot ? "mount -t cgroup2 none /sys/fs/cgroup" : nil
            )
        case .unified(let found): (kind, controllers) = ("version 2", found)
        case .version1(let found): (kind, controllers) = ("version 1", found)
        }
        guard facts.canMakeGroups else {
            return HostFinding(
                "control groups",
                .limited,
                "\(kind), where this user may make none; not possible: " + flags.map(\.flag).joined(separator: ", "),
                remedy: kind == "version 2" && facts.userID != 0
                    ? "systemd-run --user --scope -p Delegate=yes slipway build …" : nil
            )
        }
        let lost = flags.filter { !controllers.contains($0.controller) }
        let found = flags.map(\.controller).filter { controllers.contains($0) }.joined(separator: ", ")
        guard !lost.isEmpty else { return HostFinding("control groups", .ok, "\(kind) with \(found)") }
        let detail = "\(kind) with \(found.isEmpty ? "no controller" : found); not possible: "
        return HostFinding(
            "control groups",
            .limited,
            detail + lost.map(\.flag).joined(separator: ", "),
            remedy: facts.isRoot ? nil : "systemd-run --user --scope -p Delegate=yes slipway build …"
        )
    }

    private static func network(_ facts: HostFacts) -> HostFinding {
        facts.isRoot ? networkOfRoot(facts) : UserNamespaceInspection.network(facts)
    }

    private static func networkOfRoot(_ facts: HostFacts) -> HostFinding {
        switch facts.hasNetworkModules {
        case true?: HostFinding("network", .ok, "bridge, veth and nf_tables are there")
        case nil: HostFinding("network", .ok, "bridge, veth and nf_tables are built in or cannot be told beforehand")
        case false?:
            HostFinding(
                "network",
                .limited,
                "bridge, veth or nf_tables is missing: steps need `--network host` or `none`",
                remedy: "modprobe -a bridge veth nf_tables"
            )
        }
    }

    private static let kinds: [UInt64: String] = [
        0xEF53: "ext4", 0x5846_5342: "xfs", 0x9123_683E: "btrfs", FilesystemStatus.tmpfs: "tmpfs",
        FilesystemStatus.overlay: "overlay", FilesystemStatus.nfs: "nfs", 0x2FC1_2FC1: "zfs", 0xF2F5_2010: "f2fs",
        0x0102_1997: "9p", 0x6573_5546: "fuse", 0xFF53_4D42: "cifs",
    ]

    private static func state(_ facts: HostFacts) -> HostFinding {
        let (state, name) = (facts.state, "state directory")
        let kind = kinds[state.filesystem] ?? "file system 0x\(String(state.filesystem, radix: 16))"
        let room = "\(state.available >> 20) MiB free"
        let elsewhere = "pass `--root` with a folder on a local disk"
        guard state.isWritable else {
            return HostFinding(name, .missing, "`\(state.path)` cannot be written", remedy: elsewhere)
        }
        switch kind {
        case "overlay":
            let detail = "`\(state.path)` is on overlay, which takes no other one: each RUN works on a copy of its root"
            let volume = "run the outer container with `--volume slipway:\(state.path)`, or \(elsewhere)"
            return HostFinding(name, .limited, detail, remedy: volume)
        case "nfs", "9p", "cifs", "fuse":
            let detail = "`\(state.path)` is on \(kind), which may lack what overlay needs; \(room)"
            return HostFinding(name, .limited, detail, remedy: elsewhere)
        default: break
        }
        guard state.available >= 64 << 20 else {
            return HostFinding(name, .missing, "`\(state.path)` on \(kind) has only \(room)", remedy: elsewhere)
        }
        let status = state.available < 1 << 30 ? HostFinding.Status.limited : .ok
        let remedy = status == .ok ? nil : "free space, or \(elsewhere)"
        return HostFinding(name, status, "`\(state.path)` on \(kind), \(room)", remedy: remedy)
    }

    /// Said only where somebody has described devices.
    private static func devices(_ facts: HostFacts) -> HostFinding {
        let names = facts.devices.isEmpty ? "none can be given to a step" : facts.devices.joined(separator: ", ")
        guard !facts.deviceFaults.isEmpty else { return HostFinding("devices", .ok, names) }
        return HostFinding("devices", .limited, "\(names); " + facts.deviceFaults.joined(separator: "; "))
    }

    private static func registries(_ facts: HostFacts) -> HostFinding {
        HostFinding(
            "registries",
            .ok,
            facts.registriesFile.map { "`\($0)`" } ?? "no registries.conf, so the usual ones"
        )
    }
}

extension HostFacts {
    /// Whether builds need no user namespace.
    var isRoot: Bool { userID == 0 && has(21) }

    /// Whether the capability of this number is effective.
    func has(_ capability: UInt64) -> Bool {
        capabilities >> capability & 1 == 1
    }
}
