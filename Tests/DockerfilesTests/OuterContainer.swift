import Foundation
import TestSupport

/// A container around the program under test, as an engine makes it for a job of continuous integration.
///
/// It sees the programs of this machine, read-only, and the folder of the test.
struct OuterContainer {
    /// Which system calls its filter refuses.
    enum Filter {
        case none

        /// What Docker refuses a container with the default capabilities.
        case docker

        /// The calls younger than Linux 5, with this error.
        case young(error: Int32)
    }

    /// Whether such containers can be made here.
    static let isUsable = Workbench.isUsable && ["runc", "unshare"].allSatisfy(Command.exists) && dockerCalls != nil

    var user = 0

    /// Nil for all that the tests have.
    var capabilities: [String]? = docker
    var mayGainPrivileges = true
    var filter = Filter.docker

    /// Whether parts of `/proc` and `/sys` are hidden or read-only.
    var hidesSystemPaths = true

    /// Whether it is in a user namespace, with the first number of this machine's that its users have there.
    var firstUser: Int?

    /// Whether its root, and what is below `/state` in it, is an overlay; else `/state` is a folder of the test.
    var isOverlay = false

    /// What Docker gives.
    static let docker = [
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP",
        "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE",
    ].map { "CAP_\($0)" }

    /// Runs lines of a shell inside, with one folder of the test at `/work`, and another at `/state`, which becomes the
    /// container's user's.
    func run(_ script: String, work: URL, state: URL) throws -> Outcome {
        let bundle = try TemporaryFolder()
        // Of an overlay, the layer that stays as it is.
        let root = bundle.url.appendingPathComponent(isOverlay ? "lower" : "rootfs")
        try Command.shell(
            "cd \"$1\"; mkdir rootfs lower upper work; chown \(firstUser ?? 0) rootfs; chown \((firstUser ?? 0) + user) \"$2\"",
            bundle.url.path,
            state.path
        )
        let configuration = try configuration(["/bin/sh", "-uc", script], work: work, state: state, root: root)
        try JSONSerialization.data(withJSONObject: configuration)
            .write(to: bundle.url.appendingPathComponent("config.json"))
        let prepare = """
            cd "$1"
            if [ "$2" = overlay ]; then
                mkdir -m 1777 lower/state
                mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work rootfs
            fi
            exec runc --root "$1/runc" run --bundle "$1" "$3"
            """
        let name = "slipway-test-\(UUID().uuidString.prefix(8))"
        return try Command.run(
            "unshare",
            "--mount",
            "sh",
            "-euc",
            prepare,
            "sh",
            bundle.url.path,
            isOverlay ? "overlay" : "folder",
            name,
            seconds: 60
        )
    }

    // MARK: - What runc is told

    private func configuration(_ words: [String], work: URL, state: URL, root: URL) throws -> [String: Any] {
        let capabilities = capabilities ?? Self.own
        let sets = ["bounding", "effective", "permitted"].map {
            ($0, user == 0 || $0 == "bounding" ? capabilities : [])
        }
        var linux: [String: Any] = [
            "namespaces": ["pid", "ipc", "uts", "mount", "network"].map { ["type": $0] }
        ]
        if let firstUser {
            let map = [["containerID": 0, "hostID": firstUser, "size": 65536]]
            linux["namespaces"] = ["pid", "ipc", "uts", "mount", "network", "user"].map { ["type": $0] }
            (linux["uidMappings"], linux["gidMappings"]) = (map, map)
        }
        if hidesSystemPaths {
            linux["maskedPaths"] = [
                "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
                "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
            ]
            linux["readonlyPaths"] = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
        }
        if let seccomp { linux["seccomp"] = seccomp }
        return [
            "ociVersion": "1.0.2", "root": ["path": "rootfs"], "hostname": "outer",
            "process": [
                "cwd": "/", "args": words, "user": ["uid": user, "gid": user],
                "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/state", "TMPDIR=/tmp"],
                "capabilities": Dictionary(uniqueKeysWithValues: sets), "noNewPrivileges": !mayGainPrivileges,
            ] as [String: Any],
            "mounts": try mounts(work: work, state: state, root: root), "linux": linux,
        ]
    }

    private static func mount(_ type: String, _ target: String, _ source: String? = nil, _ options: String) -> [String:
        Any]
    {
        [
            "type": type, "source": source ?? type, "destination": target,
            "options": options.split(separator: ",").map(String.init),
        ]
    }

    private func mounts(work: URL, state: URL, root: URL) throws -> [[String: Any]] {
        var mounts = [
            Self.mount("proc", "/proc", "nosuid,noexec,nodev"), Self.mount("tmpfs", "/dev", "nosuid,mode=755"),
            Self.mount("devpts", "/dev/pts", "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620"),
            Self.mount("tmpfs", "/dev/shm", "nosuid,noexec,nodev,mode=1777"),
            Self.mount("tmpfs", "/tmp", "nosuid,nodev,mode=1777"),
            Self.mount("sysfs", "/sys", "nosuid,noexec,nodev,ro"),
        ]
        // The programs of the machine, and the ones under test, wherever they are.
        let own = ["proc", "dev", "sys", "tmp", "run", "mnt", "media", "state"]
        for name in try FileManager.default.contentsOfDirectory(atPath: "/").sorted() where !own.contains(name) {
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/\(name)") {
                let link = root.appendingPathComponent(name).path
                try? FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            } else if (try? FileManager.default.contentsOfDirectory(atPath: "/\(name)")) != nil {
                mounts.append(Self.mount("bind", "/\(name)", "/\(name)", "rbind,ro,nosuid"))
            }
        }
        let programs = SlipwayProgram.binary.resolvingSymlinksInPath().deletingLastPathComponent().path
        mounts.append(Self.mount("bind", "/programs", programs, "bind,ro"))
        mounts.append(Self.mount("bind", "/work", work.path, "bind,ro"))
        if !isOverlay { mounts.append(Self.mount("bind", "/state", state.path, "bind,rw")) }
        return mounts
    }

    private static func mount(_ type: String, _ target: String, _ options: String) -> [String: Any] {
        mount(type, target, nil, options)
    }

    /// The names of all capabilities that the tests have.
    private static let own: [String] = {
        let shown = (try? Command.run("setpriv", "--dump").text) ?? ""
        let line = shown.split(separator: "\n").first { $0.hasPrefix("Capability bounding set:") } ?? ""
        let known = line.split(separator: ":").last?.split(separator: ",") ?? []
        return known.map { "CAP_\($0.trimmingCharacters(in: .whitespaces).uppercased())" }
    }()

    // MARK: - System calls

    private var seccomp: [String: Any]? {
        switch filter {
        case .none: return nil
        case .docker:
            return Self.profile(
                "SCMP_ACT_ERRNO",
                [
                    ["names": Self.dockerCalls ?? [], "action": "SCMP_ACT_ALLOW"],
                    [
                        "names": ["clone"], "action": "SCMP_ACT_ALLOW",
                        "args": [
                            ["index": 0, "value": 0x7E02_0000, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"]
                                as [String: Any]
                        ],
                    ],
                    ["names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS],
                ]
            )
        case .young(let error):
            let calls = [
                "openat2", "clone3", "fsopen", "fsconfig", "fsmount", "fspick", "move_mount", "open_tree",
                "mount_setattr", "close_range", "pidfd_open", "memfd_create",
            ]
            return Self.profile("SCMP_ACT_ALLOW", [["names": calls, "action": "SCMP_ACT_ERRNO", "errnoRet": error]])
        }
    }

    private static func profile(_ usual: String, _ rules: [[String: Any]]) -> [String: Any] {
        ["defaultAction": usual, "syscalls": rules]
    }

    /// The calls that Docker allows, from the table of this processor; nil where there is none.
    private static let dockerCalls: [String]? = {
        #if arch(x86_64)
            let name = "amd64"
        #elseif arch(arm64)
            let name = "arm64"
        #else
            let name = "none"
        #endif
        let file = Testdata.root.appendingPathComponent("sandbox/seccomp-\(name).txt")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            // What depends on an argument is allowed whole, but for new namespaces.
            return words.count == 3 && (words[2] == "allow" || ["socket", "personality"].contains(words[2]))
                ? words[1] : nil
        }
    }()
}
