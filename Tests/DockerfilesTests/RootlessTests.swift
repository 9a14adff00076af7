import Foundation
import TestSupport
import Testing

/// Builds of ordinary users, which must make what root's builds make.
@Suite(.serialized, .enabled(if: RootlessAccount.isUsable, RootlessAccount.reason)) struct RootlessTests {
    typealias Ids = RootlessAccount.Ids

    /// Makes an account with a store, and expects that nothing of its builds is left after it.
    private func withAccount(_ ids: Ids, _ body: (RootlessAccount) throws -> Void) throws {
        let account = try RootlessAccount(ids)
        let before = HostState()
        try account.loadBase()
        try body(account)
        before.expectUnchanged(account.state)
        // What a namespace's other ids own is removed inside of it.
        let removed = try account.slipway("images", "--quiet")
        #expect(removed.status == 0, "\(removed.errors)")
    }

    private func build(_ account: RootlessAccount, _ context: URL, _ arguments: String...) throws -> Outcome {
        let words = ["build", "--progress", "plain", "--network", "none"] + arguments
        return try account.slipway(words + [try account.copy(context).path])
    }

    /// Builds as root and as the account, and expects one image.
    private func expectRootsImage(_ ids: Ids, _ files: [String: String], prepare: String = "true") throws {
        try Workbench.run { bench in
            let context = try bench.context(files)
            try Command.shell("cd \"$1\"; \(prepare)", context.path)
            try Command.shell("chmod -R a+rX \"$1\"", context.path)
            let roots = try bench.expectBuild(context, "--network", "none")
            try withAccount(ids) { account in
                let built = try build(account, context)
                #expect(built.status == 0, "\(built.errors)")
                #expect(built.digest == roots.digest, "\(built.errors)\nroot:\n\(roots.errors)")
            }
        }
    }

    @Test(arguments: Ids.allCases) func theSmallestExampleIsRootsToTheByte(_ ids: Ids) throws {
        let example = try #require(Example.all.first { $0.name == "hello" })
        try Workbench.run { bench in
            let roots = try bench.expectBuild(example.folder, "--network", "none")
            try withAccount(ids) { account in
                let built = try build(account, example.folder)
                #expect(built.status == 0, "\(built.errors)")
                #expect(built.digest == roots.digest)
                let again = try build(account, example.folder)
                #expect(again.steps.filter { $0.key.hasPrefix("RUN") }.map(\.value) == ["CACHED"])
            }
        }
    }

    @Test(arguments: Ids.allCases) func deletionsLinksAndReplacedFoldersAreRootsToTheByte(_ ids: Ids) throws {
        try expectRootsImage(
            ids,
            [
                "Dockerfile": """
                FROM busybox AS made
                COPY tree /tree
                RUN mkdir -p /gone/deep /kept && echo 1 > /gone/deep/one && echo 2 > /kept/two && ln /kept/two /hard \
                    && ln -s two /kept/link && mkfifo /kept/pipe && chmod 4751 /kept/two && chmod 2775 /kept
                RUN rm -r /gone /tree/a && mkdir /gone && echo 3 > /gone/three && echo 4 >> /tree/b && mv /tree/c /tree/d
                RUN rm /hard && mkdir /hard && rm -r /kept && ln -s /tree /kept
                FROM busybox
                COPY --from=made /tree /tree
                COPY --from=made /gone /kept /hard /all/
                """,
                "tree/a": "a\n", "tree/b": "b\n", "tree/c": "c\n",
            ]
        )
    }

    /// A tar with everything that an ordinary user cannot make.
    private static let specialArchive = """
        python3 - <<'END'
        import tarfile, io
        archive = tarfile.open("special.tar", "w", format=tarfile.PAX_FORMAT)
        def add(name, kind, data=b"", **fields):
            member = tarfile.TarInfo(name)
            member.type, member.mtime, member.size = kind, 1000000000, len(data)
            for key, value in fields.items():
                setattr(member, key, value)
            archive.addfile(member, io.BytesIO(data))
        add("x", tarfile.DIRTYPE, mode=0o2750, uid=33, gid=44)
        add("x/null", tarfile.CHRTYPE, mode=0o640, uid=5, gid=6, devmajor=1, devminor=3)
        add("x/disk", tarfile.BLKTYPE, mode=0o600, devmajor=8, devminor=1)
        add("x/pipe", tarfile.FIFOTYPE, mode=0o622, uid=7)
        add("x/link", tarfile.SYMTYPE, linkname="/nowhere", uid=1000, gid=1000)
        add("x/setuid", tarfile.REGTYPE, b"hi", mode=0o6755, uid=33)
        add("x/hard", tarfile.LNKTYPE, linkname="x/setuid", uid=33)
        add("x/far", tarfile.REGTYPE, b"far", mode=0o644, uid=200000, gid=200001)
        add("x/locked", tarfile.DIRTYPE, mode=0, uid=12, gid=12)
        add("x/locked/file", tarfile.REGTYPE, b"f", mode=0, uid=12, gid=12)
        capability = bytes.fromhex("0100000200040000000000000000000000000000").decode("latin1")
        add("x/capable", tarfile.REGTYPE, b"c", mode=0o755,
            pax_headers={"SCHILY.xattr.security.capability": capability, "SCHILY.xattr.user.note": "kept"})
        for number in range(200):
            add("x/links/%d" % number, tarfile.SYMTYPE, linkname="target", uid=1000, gid=1000)
        archive.close()
        END
        """

    @Test(.enabled(if: Command.exists("python3"), "needs python3"), arguments: Ids.allCases)
    func ownersAndDevicesThatNobodyCanMakeHereAreRootsToTheByte(_ ids: Ids) throws {
        try expectRootsImage(
            ids,
            [
                "Dockerfile": """
                FROM busybox AS made
                COPY --chown=1000:1001 --chmod=750 tree /tree
                ADD special.tar /special
                RUN echo more >> /tree/a && mv /tree/b /tree/moved && rm -r /special/x/locked && touch /new
                FROM busybox
                COPY --from=made /tree /tree
                COPY --from=made /special /special
                COPY --from=made --chown=77:88 /special/x/setuid /other
                WORKDIR /special/x/below
                """,
                "tree/a": "a\n", "tree/b": "b\n",
            ],
            prepare: Self.specialArchive
        )
    }

    private static let userFiles = [
        "Dockerfile": """
        FROM busybox
        RUN echo app:x:1500:1501::/home/app:/bin/sh >> /etc/passwd && echo app:x:1501: >> /etc/group \
            && mkdir -p /home/app && chown -R app:app /home/app
        USER app
        RUN id -u > /tmp/id && echo "$HOME" > /home/app/home
        """
    ]

    @Test func otherUsersRunCommandsWhereThereAreIds() throws {
        try expectRootsImage(.many, Self.userFiles)
    }

    @Test func theOnlyUserStandsInForOthersAndTheBuildSaysSoOnce() throws {
        try Workbench.run { bench in
            let context = try bench.context(Self.userFiles)
            try withAccount(.one) { account in
                let built = try build(account, context)
                #expect(built.status == 0, "\(built.errors)")
                let notes = built.errors.components(separatedBy: "building with one user and group")
                #expect(notes.count == 2, "\(built.errors)")
                #expect(built.errors.contains("has no subordinate ids in /etc/subuid"), "\(built.errors)")
            }
        }
    }

    @Test func anIdBeyondTheRangeIsNamed() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nUSER 70000\nRUN true\n"])
            try withAccount(.many) { account in
                let built = try build(account, context)
                #expect(built.status == 1)
                #expect(built.failure.contains("user 70000 is not among the 65537 ids there are here"))
            }
        }
    }

    @Test(arguments: Ids.allCases) func aContainerHasDockersRightsInItsNamespace(_ ids: Ids) throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                RUN grep -E '^(CapEff|CapBnd|CapInh|NoNewPrivs|Seccomp):' /proc/self/status; \
                    echo x > /dev/null; head -c 3 /dev/zero | wc -c; \
                    touch /proc/sys/kernel/x /sys/x 2>/dev/null || echo refused; \
                    mount -t tmpfs none /tmp 2>/dev/null || echo no mounts; \
                    mknod /node c 1 3 2>/dev/null || echo no devices; \
                    ls /sys/class/net; ls /dev | tr '\\n' ' '
                """
            ])
            try withAccount(ids) { account in
                let built = try build(account, context)
                #expect(built.status == 0, "\(built.errors)")
                let wanted = [
                    "CapInh:\t0000000000000000", "CapEff:\t00000000a80425fb", "CapBnd:\t00000000a80425fb",
                    "NoNewPrivs:\t0", "Seccomp:\t2", " 3\n", "refused", "no mounts", "no devices", " lo\n",
                    "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero",
                ]
                for line in wanted { #expect(built.errors.contains(line), "\(line)\n\(built.errors)") }
            }
        }
    }

    @Test(arguments: Ids.allCases) func theHostsNetworkComesWithoutItsDevices(_ ids: Ids) throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": "FROM busybox\nRUN readlink /proc/self/ns/net; ls /sys | wc -l; cat /etc/resolv.conf\n"
            ])
            try withAccount(ids) { account in
                let words = ["build", "--progress", "plain", "--network", "host", try account.copy(context).path]
                let built = try account.slipway(words)
                #expect(built.status == 0, "\(built.errors)")
                let namespace = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
                #expect(built.errors.contains(namespace), "\(built.errors)")
                #expect(built.errors.contains(" 0\n"), "\(built.errors)")
            }
        }
    }

    @Test(.enabled(if: RootlessAccount.canHaveNetworks, "needs slirp4netns and /dev/net/tun"), arguments: Ids.allCases)
    func aNetworkOfItsOwnIsThereWhenTheCommandStarts(_ ids: Ids) throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                RUN readlink /proc/self/ns/net; ls /sys/class/net; ip route; cat /etc/resolv.conf
                """
            ])
            try withAccount(ids) { account in
                let words = ["build", "--progress", "plain", try account.copy(context).path]
                let built = try account.slipwayWithTunnel(words)
                #expect(built.status == 0, "\(built.errors)")
                let namespace = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
                #expect(!built.errors.contains(namespace), "\(built.errors)")
                let wanted = [" eth0\n", " lo\n", "default via 10.0.2.2", "nameserver 10.0.2.3"]
                for line in wanted { #expect(built.errors.contains(line), "\(line)\n\(built.errors)") }
            }
        }
    }

    @Test(arguments: Ids.allCases) func whatAKilledBuildLeavesTheNextOneSweeps(_ ids: Ids) throws {
        try Workbench.run { bench in
            let slow = try bench.context(
                [
                    "Dockerfile":
                        "FROM busybox\nRUN mkdir -p /a/b && chown -R 1000:1000 /a && chmod 0 /a/b && echo re''ady && sleep 60\n"
                ],
                named: "slow"
            )
            let quick = try bench.context(["Dockerfile": "FROM busybox\nRUN true\n"], named: "quick")
            try withAccount(ids) { account in
                let words = ["build", "--progress", "plain", "--network", "none", try account.copy(slow).path]
                let started = try account.start([SlipwayProgram.binary.path] + words)
                #expect(Poll.until { started.errors.contains("ready") })
                started.send(SIGKILL)
                _ = try started.wait()
                #expect(Poll.until(seconds: 5) { HostState.processes(of: account.state).isEmpty })
                let built = try build(account, quick)
                #expect(built.status == 0, "\(built.errors)")
                #expect(HostState.leftovers(in: account.state) == [])
            }
        }
    }

    /// Every kind of change that a layer can tell of.
    private static let changes = [
        "Dockerfile": """
        FROM busybox AS made
        COPY --chown=1000:1001 tree /tree
        RUN mkdir -p /gone/deep /kept && echo 1 > /gone/deep/one && echo 2 > /kept/two && ln /kept/two /hard \
            && ln -s two /kept/link && mkfifo /kept/pipe && chmod 4751 /kept/two
        RUN rm -r /gone /tree/a && echo 4 >> /tree/b && mv /tree/c /tree/d && touch /etc/x && rm /etc/x
        RUN --mount=type=bind,target=/mnt,rw echo x > /mnt/new && cat /mnt/tree/a > /tree/copy
        RUN rm /hard && mkdir /hard && rm -r /kept && ln -s /tree /kept && chmod 700 /tree
        FROM busybox
        COPY --from=made /tree /tree
        COPY --from=made /kept /hard /all/
        """,
        "tree/a": "a\n", "tree/b": "b\n", "tree/c": "c\n",
    ]

    @Test(arguments: Ids.allCases) func whereOverlaysAreRefusedACopyMakesTheSameImage(_ ids: Ids) throws {
        try Workbench.run { bench in
            let context = try bench.context(Self.changes)
            let roots = try bench.expectBuild(context, "--network", "none")
            let rootsStage = try bench.expectBuild(context, "--network", "none", "--target", "made")
            let account = try RootlessAccount(ids)
            let built = try account.runOverOverlay(
                """
                "$1" import --root state --change 'CMD ["sh"]' "$2" docker.io/library/busybox:latest > /dev/null
                "$1" build --progress plain --network none --root state "$3"
                "$1" build --progress plain --network none --root state --target made "$3"
                ls state/tmp
                """,
                SlipwayProgram.binary.path,
                try account.baseFile().path,
                try account.copy(context).path
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(built.text == roots.text + rootsStage.text, "\(built.errors)")
        }
    }

    @Test func theStoreIsTheUsersOwn() throws {
        let account = try RootlessAccount(.one)
        let listed = try account.slipway("images")
        #expect(listed.status == 0, "\(listed.errors)")
        let version = account.state.appendingPathComponent("version")
        let owner = try FileManager.default.attributesOfItem(atPath: version.path)[.ownerAccountID] as? Int
        #expect(owner == Int(account.uid))
    }

    @Test func anExportedFolderBelongsToTheUser() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": "FROM scratch\nCOPY --chown=1000:1000 file /file\n", "file": "x\n",
            ])
            let account = try RootlessAccount(.many)
            let out = account.home.appendingPathComponent("out")
            let built = try build(account, context, "--output", "type=local,dest=\(out.path)")
            #expect(built.status == 0, "\(built.errors)")
            let file = out.appendingPathComponent("file").path
            #expect(try FileManager.default.attributesOfItem(atPath: file)[.ownerAccountID] as? Int == Int(account.uid))
        }
    }

    /// Whoever may make no node gets the host's, as far as the user may open it.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/fuse"), "needs /dev/fuse"), arguments: Ids.allCases)
    func aDeviceIsTheHostsOwn(_ ids: Ids) throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                RUN --device=vendor.com/test=zero head -c 5 /dev/vendor0 | wc -c && echo $VENDOR && ! chmod 600 /dev/vendor0
                RUN ! test -e /dev/vendor0
                """,
                "closed/Dockerfile": "FROM busybox\nRUN --device=vendor.com/test=closed,required true\n",
                "cdi/vendor.json": """
                {"cdiVersion": "0.6.0", "kind": "vendor.com/test", "devices": [
                    {"name": "zero", "containerEdits": {
                        "deviceNodes": [{"path": "/dev/vendor0", "hostPath": "/dev/zero"}], "env": ["VENDOR=yes"]
                    }},
                    {"name": "closed", "containerEdits": {"deviceNodes": [{"path": "\(bench.path("node"))"}]}}
                ]}
                """,
            ])
            try Command.shell("chmod 755 \"${1%/*}\"; mknod -m 600 \"$1\" c 1 5", bench.path("node"))
            let before = try Command.shell("stat -c '%a %u %g' /dev/zero").text
            try withAccount(ids) { account in
                let copy = try account.copy(context)
                let words = [
                    "build", "--progress", "plain", "--network", "none", "--cdi-spec-dir", "\(copy.path)/cdi",
                    "--allow",
                    "device",
                ]
                let built = try account.slipway(words + [copy.path])
                #expect(built.status == 0, "\(built.errors)")
                #expect(built.errors.contains(" 5\n") && built.errors.contains(" yes\n"), "\(built.errors)")
                let refused = try account.slipway(words + ["\(copy.path)/closed"])
                #expect(refused.status != 0)
                #expect(refused.errors.contains("node` cannot be opened by the user who builds"), "\(refused.errors)")
            }
            #expect(try Command.shell("stat -c '%a %u %g' /dev/zero").text == before)
        }
    }
}
