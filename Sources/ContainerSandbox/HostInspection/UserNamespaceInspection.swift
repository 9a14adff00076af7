/// Judges what a machine offers to ordinary users.
enum UserNamespaceInspection {
    static func findings(_ facts: HostFacts) -> [HostFinding] {
        [namespaces(facts), identities(facts), copies(facts)].compactMap(\.self)
    }

    private static func namespaces(_ facts: HostFacts) -> HostFinding {
        let name = "user namespaces"
        guard let most = facts.userNamespaces.most else {
            return HostFinding(name, .missing, "the kernel has none", remedy: "run as root")
        }
        if most == 0 {
            let detail = "`user.max_user_namespaces` is 0"
            return HostFinding(name, .missing, detail, remedy: "sysctl -w user.max_user_namespaces=15000")
        }
        if facts.userNamespaces.areSwitchedOff {
            let detail = "`kernel.unprivileged_userns_clone` is 0"
            return HostFinding(name, .missing, detail, remedy: "sysctl -w kernel.unprivileged_userns_clone=1")
        }
        if facts.userNamespaces.areConfined {
            let detail = "AppArmor gives ordinary users namespaces without privileges"
            let remedy = "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
            return HostFinding(name, .missing, detail, remedy: remedy)
        }
        return HostFinding(name, .ok, "up to \(most)")
    }

    private static func identities(_ facts: HostFacts) -> HostFinding {
        let name = "subordinate ids"
        let single = "steps run as one user only"
        guard facts.userID != 0 else { return identitiesOfRoot(facts, name, single) }
        guard facts.subordinateUsers >= 65536, facts.subordinateGroups >= 65536 else {
            let counts = "\(facts.subordinateUsers) users and \(facts.subordinateGroups) groups"
            return HostFinding(
                name,
                .limited,
                "\(counts) in /etc/subuid and /etc/subgid, of 65536 needed: \(single)",
                remedy: "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER"
            )
        }
        for (helper, program) in [(facts.userMapper, "newuidmap"), (facts.groupMapper, "newgidmap")] {
            switch helper {
            case .usable: continue
            case .missing:
                let detail = "`\(program)` is not installed: \(single)"
                return HostFinding(name, .limited, detail, remedy: "apt-get install uidmap")
            case .powerless:
                let detail = "`\(program)` has no privileges: \(single)"
                return HostFinding(name, .limited, detail, remedy: "chmod u+s $(command -v \(program))")
            }
        }
        guard !facts.hasNoNewPrivileges else {
            return HostFinding(
                name,
                .limited,
                "this process may gain no privileges, so that `newuidmap` has none: \(single)",
                remedy: "run the outer container without `no-new-privileges`"
            )
        }
        return HostFinding(name, .ok, "\(facts.subordinateUsers) users, \(facts.subordinateGroups) groups")
    }

    /// Root needs none, as long as it may become every user, and say so.
    private static func identitiesOfRoot(_ facts: HostFacts, _ name: String, _ single: String) -> HostFinding {
        let needed: [(number: UInt64, name: String)] = [(7, "SETUID"), (6, "SETGID"), (31, "SETFCAP")]
        let missing = needed.filter { !facts.has($0.number) }.map(\.name)
        guard !missing.isEmpty else { return HostFinding(name, .ok, "root keeps the ids it has") }
        return HostFinding(
            name,
            .limited,
            "root without \(missing.map { "CAP_\($0)" }.joined(separator: ", ")): \(single)",
            remedy: "run the outer container with `\(missing.map { "--cap-add=\($0)" }.joined(separator: " "))`"
        )
    }

    /// What stands in for overlay where that does not work for ordinary users.
    private static func copies(_ facts: HostFacts) -> HostFinding? {
        let parts = facts.kernelRelease.split { !$0.isASCII || !$0.isNumber }.prefix(2).compactMap { UInt32($0) }
        guard parts.count == 2, parts[0] < 5 || parts[0] == 5 && parts[1] < 11 else { return nil }
        return HostFinding(
            "overlay for users",
            .limited,
            "before Linux 5.11 only root mounts overlay: trees are copied"
                + (facts.canOpenFuse ? "" : ", and `/dev/fuse` cannot be opened"),
            remedy: "boot Linux 5.11 or newer"
        )
    }

    static func network(_ facts: HostFacts) -> HostFinding {
        guard let helper = facts.networkHelpers.first else {
            let detail = "neither `pasta` nor `slirp4netns` is installed: steps need `--network host` or `none`"
            return HostFinding("network", .limited, detail, remedy: "apt-get install passt")
        }
        guard facts.hasTunnel else {
            let detail = "there is no `/dev/net/tun` for `\(helper)`: steps need `--network host` or `none`"
            let remedy = "modprobe tun, or run the outer container with `--device /dev/net/tun`"
            return HostFinding("network", .limited, detail, remedy: remedy)
        }
        guard facts.canOpenTunnel else {
            let detail = "`/dev/net/tun` cannot be opened by `\(helper)`: steps need `--network host` or `none`"
            return HostFinding("network", .limited, detail, remedy: "chmod 666 /dev/net/tun")
        }
        return HostFinding("network", .ok, facts.networkHelpers.map { "`\($0)`" }.joined(separator: ", "))
    }
}
