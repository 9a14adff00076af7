import Foundation
import TestSupport
import Testing

/// Builds inside of containers, which take from them what they like.
@Suite(.serialized, .enabled(if: OuterContainer.isUsable, "needs root, busybox-static, runc and unshare"))
struct NestedTests {
    /// Without a RUN, and with everything that somebody without rights cannot make.
    private static let copies = [
        "Dockerfile": """
        FROM busybox AS made
        COPY --chown=33:44 --chmod=600 file /copied/
        ADD special.tar /special
        FROM busybox
        COPY --from=made /copied /copied
        COPY --from=made /special /special
        COPY --from=made /bin/busybox /program
        WORKDIR /one/two
        """,
        "file": "file\n",
    ]

    private static let special = """
        python3 - <<'END'
        import tarfile, io
        archive = tarfile.open("special.tar", "w", format=tarfile.PAX_FORMAT)
        def add(name, kind, data=b"", **fields):
            member = tarfile.TarInfo(name)
            member.type, member.mtime, member.size = kind, 1000000000, len(data)
            for key, value in fields.items():
                setattr(member, key, value)
            archive.addfile(member, io.BytesIO(data))
        add("x", tarfile.DIRTYPE, mode=0o555, uid=33, gid=44)
        add("x/null", tarfile.CHRTYPE, mode=0, uid=5, gid=6, devmajor=1, devminor=3)
        add("x/pipe", tarfile.FIFOTYPE, mode=0o622, uid=7)
        add("x/link", tarfile.SYMTYPE, linkname="/nowhere", uid=1000, gid=1000)
        add("x/setuid", tarfile.REGTYPE, b"hi", mode=0o4111, uid=33)
        add("x/hard", tarfile.LNKTYPE, linkname="x/setuid", uid=33)
        add("x/locked", tarfile.DIRTYPE, mode=0, uid=12, gid=12)
        add("x/locked/file", tarfile.REGTYPE, b"f", mode=0, uid=12, gid=12)
        capability = bytes.fromhex("0100000200040000000000000000000000000000").decode("latin1")
        add("x/capable", tarfile.REGTYPE, b"c", mode=0o755,
            pax_headers={"SCHILY.xattr.security.capability": capability, "SCHILY.xattr.user.note": "kept"})
        archive.close()
        END
        """

    private static let commands = [
        "Dockerfile": """
        FROM busybox
        RUN echo one > /made && rm /bin/ls && mkdir -p /d/e && chmod 4755 /made
        RUN rm -r /d && ln -s made /link && echo "$$ $(readlink /proc/self/ns/pid)" > /dev/null && cat /made
        """
    ]

    /// A command that looks at every process it sees, and fails when it gets anything of the builder's.
    private static let spy = [
        "Dockerfile": """
        FROM busybox
        RUN (sleep 300 &); for p in /proc/[0-9]*; do case "$(tr '\\0' ' ' < $p/cmdline)" in slipway*) seen=yes; \
            cat $p/environ && exit 1; ls $p/root/. && exit 2; head -c 1 $p/mem && exit 3; kill ${p#/proc/} && exit 4; \
            ls -l $p/fd | grep -e '->' && exit 5;; esac; done; [ "$seen" = yes ]
        """
    ]

    /// What a build inside came to.
    private struct Report {
        var errors: String
        var doctor = ""
        var copies = ""
        var commands = ""
        var limits = ""

        /// A text of each that was asked for, in the order of the sections that the script prints.
        init(_ outcome: Outcome) {
            errors = outcome.errors
            let parts = outcome.text.components(separatedBy: "=== ").dropFirst()
            for part in parts {
                let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
                let text = (lines.count > 1 ? lines[1] : "").trimmingCharacters(in: .whitespacesAndNewlines)
                switch lines[0] {
                case "doctor": doctor = text
                case "copies": copies = text
                case "commands": commands = text
                default: limits = text
                }
            }
        }

        /// The findings of `slipway doctor`, by name: the status and what follows.
        func finding(_ name: String) -> String {
            let lines = doctor.components(separatedBy: "\n")
            guard let index = lines.firstIndex(where: { $0.dropFirst(9).hasPrefix(name) }) else { return "" }
            let remedy = index + 1 < lines.count ? lines[index + 1] : ""
            return lines[index] + (remedy.contains(" -> ") ? "\n" + remedy.trimmingCharacters(in: .whitespaces) : "")
        }
    }

    /// What containers are given, and what root of the machine makes of it; made once.
    private final class Material: Sendable {
        let folder: TemporaryFolder
        let copies: String
        let commands: String

        init() throws {
            let folder = try TemporaryFolder()
            var digests: [String] = []
            try Workbench.run { bench in
                let copies = try bench.context(NestedTests.copies, named: "copies")
                try Command.shell("cd \"$1\"; \(NestedTests.special)", copies.path)
                let commands = try bench.context(NestedTests.commands, named: "commands")
                try bench.context(NestedTests.spy, named: "spy")
                for context in [copies, commands] {
                    digests.append(try bench.expectBuild(context, "--network", "none").digest)
                }
                try Command.shell(
                    "cd \"$1\"; cp -a copies commands spy \"$2\"; cp \"$3\" \"$2/base.tar\"; chmod -R a+rX \"$2\"",
                    bench.folder.path,
                    folder.url.path,
                    try #require(Bases.busybox).path
                )
            }
            self.folder = folder
            (copies, commands) = (digests[0], digests[1])
        }
    }

    private static let material = Result { try Material() }

    /// Builds both contexts inside of a container, the second with these flags, and expects of the first what root makes.
    private func build(
        in container: OuterContainer,
        _ flags: String = "--network none",
        context: String = "commands",
        _ check: (Report, _ digest: String) throws -> Void
    ) throws {
        let material = try Self.material.get()
        let state = try TemporaryFolder()
        let before = HostState()
        let outcome = try container.run(
            """
            export PATH=/programs:$PATH SLIPWAY_ROOT=/state/store
            echo === doctor; slipway doctor
            slipway import --change 'CMD ["sh"]' /work/base.tar docker.io/library/busybox:latest 2>&1 >/dev/null
            echo === copies; timeout 20 slipway build --progress plain /work/copies 2>/tmp/errors || cat /tmp/errors
            echo === commands; timeout 20 slipway build --progress plain \(flags) /work/\(context) 2>/tmp/errors \
                || cat /tmp/errors
            grep '^warning: ' /tmp/errors >&2
            echo === limits; timeout 20 slipway build --network none --memory 64m /work/commands 2>&1
            for left in /state/store/tmp/*; do [ ! -e "$left" ] || echo "left: $left"; done >&2
            """,
            work: material.folder.url,
            state: state.url
        )
        #expect(!outcome.errors.contains("left: "), "\(outcome.errors)")
        before.expectUnchanged(state.url.appendingPathComponent("store"))
        let report = Report(outcome)
        #expect(report.copies == material.copies, "\(report)")
        // Only what is asked for is missed.
        #expect(report.limits.contains("cannot apply `--memory`"), "\(report.limits)")
        try check(report, material.commands)
    }

    /// Expects that the commands made what root makes, and that `slipway doctor` knew.
    private func expectCommands(in container: OuterContainer, _ flags: String = "--network none") throws {
        try build(in: container, flags) { report, digest in
            #expect(report.commands == digest, "\(report.commands)")
            #expect(!report.errors.contains("[copied-root]"), "\(report.errors)")
            #expect(report.finding("commands").hasPrefix("ok"), "\(report.doctor)")
            #expect(report.doctor.hasSuffix("Builds can run."), "\(report.doctor)")
        }
    }

    /// Expects that the commands fail at once with the reason and the line that `slipway doctor` gives.
    private func expectRefusal(in container: OuterContainer, _ reason: String, _ remedy: String) throws {
        try build(in: container) { report, _ in
            let failure = """
                Dockerfile:2:1: error: failed to solve: no command can run here: \(reason)
                    1 | FROM busybox
                """
            #expect(report.commands.contains(failure), "\(report.commands)")
            #expect(report.commands.hasSuffix("hint: \(remedy)"), "\(report.commands)")
            let finding = report.finding("commands")
            #expect(finding == "missing  commands         \(reason)\n-> \(remedy)", "\(report.doctor)")
            #expect(report.doctor.hasSuffix("Builds without a RUN can run."), "\(report.doctor)")
        }
    }

    private static let refusedByFilter = (
        reason: "the kernel refuses a user namespace: operation not permitted, by a filter of system calls (seccomp) "
            + "around this process",
        remedy: "run the outer container with `--security-opt seccomp=unconfined --security-opt systempaths=unconfined`"
    )

    @Test func whatDockerGivesByDefaultBuildsAllButCommands() throws {
        try expectRefusal(in: OuterContainer(), Self.refusedByFilter.reason, Self.refusedByFilter.remedy)
    }

    @Test func anOrdinaryUserWithoutAnyRightBuildsAllButCommands() throws {
        let container = OuterContainer(user: 1000, mayGainPrivileges: false)
        try expectRefusal(in: container, Self.refusedByFilter.reason, Self.refusedByFilter.remedy)
    }

    @Test func rootWithoutCapabilitiesIsToldWhichItNeeds() throws {
        try expectRefusal(
            in: OuterContainer(capabilities: [], filter: .none, hidesSystemPaths: false),
            "root without CAP_SETFCAP can have no user namespace",
            "run the outer container with `--cap-add=SETUID --cap-add=SETGID --cap-add=SETFCAP`"
        )
    }

    @Test func hiddenPartsOfProcAreNamed() throws {
        try expectRefusal(
            in: OuterContainer(filter: .none),
            "the kernel mounts no `/proc` for a step while parts of the one around it are hidden (`/proc/bus`, "
                + "`/proc/fs`, `/proc/irq`, …)",
            "run the outer container with `--security-opt systempaths=unconfined`, or build with "
                + "--no-process-sandbox, so that steps see the `/proc` around them"
        )
    }

    @Test func hiddenPartsOfProcAreNoObstacleWithoutAProcessSandbox() throws {
        try build(in: OuterContainer(filter: .none), "--network none --no-process-sandbox") { report, digest in
            #expect(report.commands == digest, "\(report.commands)")
            #expect(report.errors.contains("[no-process-sandbox]"), "\(report.errors)")
        }
    }

    @Test(arguments: [0, 1000]) func whoSeesTheProcessesAroundGetsNothingOfThem(_ user: Int) throws {
        let container = OuterContainer(user: user, filter: .none)
        try build(in: container, "--network none --no-process-sandbox", context: "spy") { report, _ in
            #expect(report.commands.hasPrefix("sha256:"), "\(report.commands)")
        }
    }

    @Test func whoMayMountAndNotChangeTheRootIsTold() throws {
        var container = OuterContainer(filter: .docker)
        container.capabilities = OuterContainer.docker + ["CAP_SYS_ADMIN"]
        try build(in: container) { report, _ in
            #expect(report.commands.contains("by a filter of system calls (seccomp)"), "\(report.commands)")
            #expect(report.commands.contains("--security-opt seccomp=unconfined"), "\(report.commands)")
        }
    }

    @Test(arguments: [0, 1000]) func withoutAFilterAndHiddenPathsEverythingWorks(_ user: Int) throws {
        try expectCommands(in: OuterContainer(user: user, filter: .none, hidesSystemPaths: false))
    }

    @Test func aContainerWithUsersOfItsOwnGivesThemOn() throws {
        var container = OuterContainer(filter: .none, hidesSystemPaths: false)
        container.firstUser = 800_000_000
        try expectCommands(in: container)
    }

    /// With Docker's capabilities, and with every one.
    @Test(arguments: [OuterContainer.docker, nil]) func aStateDirectoryOnOverlayMakesTheSameImage(
        _ capabilities: [String]?
    ) throws {
        let container = OuterContainer(
            capabilities: capabilities,
            filter: .none,
            hidesSystemPaths: false,
            isOverlay: true
        )
        try build(in: container) { report, digest in
            #expect(report.commands == digest, "\(report.commands)")
            let finding = report.finding("state directory")
            #expect(finding.hasPrefix("limited") && finding.contains("each RUN works on a copy"), "\(report.doctor)")
            #expect(finding.contains("--volume slipway:/state/store"), "\(report.doctor)")
            #expect(report.errors.components(separatedBy: "[copied-root]").count == 2, "\(report.errors)")
        }
    }

    @Test func whoMayMountAndNotConfigureNetworksBuildsWithoutThem() throws {
        let capabilities = OuterContainer.docker + ["CAP_SYS_ADMIN"]
        let container = OuterContainer(capabilities: capabilities, filter: .none, hidesSystemPaths: false)
        try build(in: container, "--network none") { report, digest in
            #expect(report.commands == digest, "\(report.commands)")
            #expect(report.finding("privileges").contains("CAP_NET_ADMIN"), "\(report.doctor)")
        }
    }

    /// A store of an image, as those have who warm it for their builds: its folders are of a layer and cannot be moved.
    @Test func aStateDirectoryOfALowerLayerServes() throws {
        try Workbench.run { bench in
            // With another layer each time, nothing needs the one before.
            let text = """
                FROM busybox
                RUN --mount=type=cache,target=/c touch /c/x && mkdir /d && touch /gone /d/gone
                RUN rm -r /gone /d && mkdir /d
                RUN cat /proc/sys/kernel/random/uuid > /one && test ! -e /gone && test ! -e /d/gone

                """
            let context = try bench.context(["Dockerfile": text])
            _ = try bench.expectBuild(context, "-t", "made")
            let served = try Command.shell(
                """
                cd "$1"; mkdir upper work over
                unshare --mount sh -euc '
                    mount -t overlay overlay -o lowerdir=state,upperdir=upper,workdir=work over
                    echo "RUN test ! -e /gone && test ! -e /d/gone" >> "$3/Dockerfile"
                    "$1" build --root "$2/over" --progress plain "$3" > /dev/null
                    "$1" build --root "$2/over" --progress plain --no-cache -t made "$3" > /dev/null
                    "$1" cache prune --root "$2/over" > /dev/null; ls over/cache-mounts
                    before=$(ls over/trees | wc -l); "$1" rmi --root "$2/over" made > /dev/null
                    [ $(ls over/trees | wc -l) -lt $before ]; ls over/tmp' sh "$2" "$1" "$3"
                """,
                bench.folder.path,
                SlipwayProgram.binary.path,
                context.path
            )
            #expect(served.text == "", "nothing is left: \(served.errors)")
        }
    }

    @Test func aContainerWithEveryPrivilegeNeedsNoNamespace() throws {
        try expectCommands(in: OuterContainer(capabilities: nil, filter: .none, hidesSystemPaths: false))
    }

    @Test(arguments: [ENOSYS, EPERM]) func everyYoungSystemCallHasAnOldWay(_ error: Int32) throws {
        try expectCommands(in: OuterContainer(filter: .young(error: error), hidesSystemPaths: false))
    }

    @Test func theOldWaysServeRootOfTheMachineToo() throws {
        try expectCommands(
            in: OuterContainer(capabilities: nil, filter: .young(error: ENOSYS), hidesSystemPaths: false)
        )
    }
}
