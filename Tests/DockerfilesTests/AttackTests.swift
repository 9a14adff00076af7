import Foundation
import TestSupport
import Testing

/// Hostile Dockerfiles, contexts and base images: what they ask for is refused, or stays inside.
@Suite(.enabled(if: Workbench.isUsable, Workbench.reason)) struct AttackTests {
    /// A file and a folder of the host beside the context, which nothing may read or change.
    private struct Canary {
        let folder: URL
        private let before: [String]

        init(_ bench: Workbench) throws {
            folder = bench.folder.appendingPathComponent("canary")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("canary of the host".utf8).write(to: folder.appendingPathComponent("file"))
            before = Self.list(folder)
        }

        func expectUntouched(sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(Self.list(folder) == before, sourceLocation: sourceLocation)
        }

        private static func list(_ folder: URL) -> [String] {
            let manager = FileManager.default
            return ((try? manager.subpathsOfDirectory(atPath: folder.path)) ?? []).sorted().map { name in
                let path = "\(folder.path)/\(name)"
                let attributes = try? manager.attributesOfItem(atPath: path)
                let content = manager.contents(atPath: path) ?? Data()
                return
                    "\(name) \(attributes?[.modificationDate] ?? "") \(attributes?[.systemFileNumber] ?? "") \(content)"
            }
        }
    }

    private func build(_ bench: Workbench, _ dockerfile: String, _ arguments: String...) throws -> Outcome {
        try bench.build(try bench.context(["Dockerfile": dockerfile, "file": "text\n"]), arguments: arguments)
    }

    // MARK: - Users

    /// S20: a number that is none, or too large, never becomes root.
    ///
    /// CVE class: CVE-2016-3697, CVE-2024-40635, CVE-2026-30892.
    @Test(arguments: ["4294967296", "4294967295", "-1", "0x0", "99999999999999999999", "nobody:none", "none"])
    func aUserThatIsNoneIsRefused(_ user: String) throws {
        try Workbench.run { bench in
            let built = try build(bench, "FROM busybox\nUSER \(user)\nRUN id\n", "--no-cache")
            #expect(built.status != 0)
            #expect(!built.errors.contains("uid=0"))
        }
    }

    /// S20: a name of digits is the number, not the account of that name.
    @Test func aNumberWinsOverAnAccountOfThatName() throws {
        try Workbench.run { bench in
            let built = try build(
                bench,
                """
                FROM busybox
                RUN echo '1000:x:0:0::/root:/bin/sh' >> /etc/passwd
                USER 1000
                RUN echo "user $(id -u)"
                """
            )
            #expect(built.status == 0 && built.errors.contains("user 1000"), "\(built.errors)")
        }
    }

    /// S22: the file of accounts is a pipe, a device, a folder, a link to the kernel's memory, or much too large.
    ///
    /// CVE class: CVE-2024-9676.
    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            "mkfifo /etc/passwd", "ln -s /dev/zero /etc/passwd", "ln -s /proc/kmsg /etc/passwd", "mkdir /etc/passwd",
            "truncate -s 11M /etc/passwd", "ln -s /etc/passwd /etc/passwd", "mknod /etc/passwd c 1 5",
            "ln -s ../../../../../etc/passwd /etc/passwd", "mkfifo /p && ln -s /p /etc/passwd",
        ]
    )
    func accountsThatAreNoFileAreRefusedAtOnce(_ line: String) throws {
        try Workbench.run { bench in
            let prepared = try build(bench, "FROM busybox\nRUN rm /etc/passwd && \(line)\n", "-t", "prepared")
            #expect(prepared.status == 0, "\(prepared.errors)")
            let start = ContinuousClock.now
            let built = try build(bench, "FROM prepared\nUSER nobody\nRUN id\n")
            #expect(built.status != 0, "\(built.errors)")
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(!built.errors.contains("uid="))
        }
    }

    // MARK: - Mounts and folders

    /// S23: a link to the root in the stage that is mounted from.
    ///
    /// CVE class: CVE-2024-1753.
    @Test func aMountFromALinkToTheRootShowsTheStage() throws {
        try Workbench.run { bench in
            let built = try build(
                bench,
                """
                FROM busybox AS base
                RUN ln -s / /rootdir && ln -s ../../../../../../../.. /up && touch /inside
                FROM busybox
                RUN --mount=type=bind,from=base,source=/rootdir,target=/exploit,rw \
                    test -e /exploit/inside && test ! -e /exploit/etc/hostname && touch /exploit/BREAKOUT
                RUN --mount=type=bind,from=base,source=/up,target=/exploit,rw \
                    test -e /exploit/inside && touch /exploit/BREAKOUT
                """
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(!FileManager.default.fileExists(atPath: "/BREAKOUT"))
        }
    }

    /// S24: names of caches that are paths.
    ///
    /// CVE class: CVE-2024-9675.
    @Test func namesOfCachesAreNoPaths() throws {
        try Workbench.run { bench in
            let canary = try Canary(bench)
            let long = String(repeating: "x", count: 10_000)
            let names = ["..", "../../canary", "a/../../b", ".", "/", canary.folder.path, "e\u{301}", "\u{e9}", long]
            let lines = names.enumerated().map { index, name in
                "RUN --mount=type=cache,id=\(name),target=/c test -z \"$(ls -A /c)\" && echo \(index) > /c/mine\n"
            }
            let built = try build(bench, "FROM busybox\n" + lines.joined(), "--no-cache")
            #expect(built.status == 0, "\(built.errors.suffix(2000))")
            canary.expectUntouched()
        }
    }

    /// S25: a link in a cache to a folder of the host.
    ///
    /// CVE class: CVE-2024-23651.
    @Test func aLinkInACacheLeadsNowhere() throws {
        try Workbench.run { bench in
            let canary = try Canary(bench)
            let built = try build(
                bench,
                """
                FROM busybox
                RUN --mount=type=cache,target=/c ln -sfn \(canary.folder.path) /c/link
                RUN --mount=type=cache,target=/c,source=link cat /c/file && echo found
                """
            )
            #expect(!built.errors.contains("canary of the host"))
            #expect(built.status != 0)
            canary.expectUntouched()
        }
    }

    /// S26: the place of a mount is swapped for a link to the host before it is taken away.
    ///
    /// CVE class: CVE-2024-23652.
    @Test(arguments: ["type=tmpfs,target=/a/b/c", "type=cache,target=/a/b/c", "type=bind,source=file,target=/a/b/c"])
    func aSwappedPlaceOfAMountTakesNothingAway(_ mount: String) throws {
        try Workbench.run { bench in
            let canary = try Canary(bench)
            try FileManager.default.createDirectory(
                at: canary.folder.appendingPathComponent("b"),
                withIntermediateDirectories: true
            )
            try Data().write(to: canary.folder.appendingPathComponent("b/c"))
            let before = try FileManager.default.subpathsOfDirectory(atPath: canary.folder.path).sorted()
            let built = try build(
                bench,
                """
                FROM busybox
                RUN --mount=\(mount) mv /a /gone; rm -rf /a 2>/dev/null; ln -s \(canary.folder.path) /a; true
                RUN readlink /a || true
                """,
                "--no-cache"
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(try FileManager.default.subpathsOfDirectory(atPath: canary.folder.path).sorted() == before)
        }
    }

    /// S10: options that would let mounts spread are not known.
    ///
    /// CVE class: CVE-2024-9407.
    @Test(arguments: ["bind-propagation=rshared", "bind-propagation=suid", "propagation=rshared,dev", "suid"])
    func optionsThatSpreadMountsAreRefused(_ option: String) throws {
        try Workbench.run { bench in
            let built = try build(
                bench,
                "FROM busybox\nRUN --mount=type=bind,source=file,target=/f,\(option) true\n"
            )
            #expect(built.status != 0)
            #expect(built.errors.contains("Dockerfile:2"), "\(built.errors)")
        }
    }

    /// S29: a working directory through a link that leads out.
    ///
    /// CVE class: CVE-2026-55686, CVE-2024-21626.
    @Test func aWorkingDirectoryThroughALinkStaysInside() throws {
        try Workbench.run { bench in
            let canary = try Canary(bench)
            let up = String(repeating: "../", count: 20)
            let built = try build(
                bench,
                """
                FROM busybox
                RUN ln -s \(up)\(canary.folder.path.dropFirst()) /w && ln -s \(canary.folder.path) /v
                WORKDIR /w/x
                RUN touch here
                WORKDIR /v/y
                USER nobody
                RUN pwd
                """
            )
            if built.status != 0 { #expect(built.errors.contains("Dockerfile:"), "\(built.errors)") }
            canary.expectUntouched()
            let descriptor = try build(bench, "FROM busybox\nWORKDIR /proc/self/fd/7\nRUN ls ../../../etc\n")
            #expect(descriptor.status != 0)
        }
    }

    // MARK: - Privileges

    /// S27: a privilege is had by whoever starts the build alone.
    ///
    /// CVE class: CVE-2024-23653.
    @Test(
        arguments: [
            "RUN --security=insecure true", "RUN --security=INSECURE true", "RUN --security=2 true",
            "ARG S=insecure\nRUN --security=$S true", "RUN --security=privileged true",
            "ONBUILD RUN --security=insecure true\nFROM 0", "RUN --device=vendor.com/class=all true",
            "ONBUILD RUN --device=vendor.com/class=all true\nFROM 0", "RUN --device=class true",
            "ARG D=vendor.com/class=all\nRUN --device=$D true", "RUN --device=name=vendor.com/class,required=0 true",
            "RUN --network=admin true",
        ])
    func aPrivilegeThatWasNotGrantedIsRefused(_ line: String) throws {
        try Workbench.run { bench in
            let text = line.replacingOccurrences(of: "FROM 0", with: "FROM base")
            let head = text.contains("FROM base") ? "FROM busybox AS base\n" : "FROM busybox\n"
            let built = try build(bench, head + text + "\n")
            #expect(built.status != 0, "\(built.errors)")
            #expect(built.errors.contains("Dockerfile:"), "\(built.errors)")
        }
    }

    /// S62: what a base image left to be run is shown, and gets no privilege.
    @Test func aTriggerOfABaseIsShownAndGetsNoPrivilege() throws {
        try Workbench.run { bench in
            let base = try build(bench, "FROM busybox\nONBUILD COPY . /all\nONBUILD RUN echo triggered\n", "-t", "base")
            #expect(base.status == 0, "\(base.errors)")
            let shown = try build(bench, "FROM base\n")
            #expect(shown.status == 0 && shown.errors.contains("echo triggered"), "\(shown.errors)")
            let hostile = try build(bench, "FROM busybox\nONBUILD RUN --security=insecure id\n", "-t", "hostile")
            if hostile.status == 0 { #expect(try build(bench, "FROM hostile\n").status != 0) }
        }
    }

    /// S28: a front end that is not ours is not fetched, let alone run.
    ///
    /// CVE class: CVE-2026-33747.
    @Test func aFrontEndOfOthersIsNotRun() throws {
        try Workbench.run { bench in
            let built = try build(bench, "# syntax=localhost:1/evil/frontend\nFROM busybox\nRUN true\n")
            // Either told and passed over, or an error; in no case is a registry asked.
            #expect(!built.errors.contains("connection refused"))
            if built.status != 0 { #expect(built.errors.contains("syntax"), "\(built.errors)") }
        }
    }

    /// S61: what the configuration of an image says tells the builder nothing to do.
    ///
    /// CVE class: CVE-2026-53488, CVE-2022-23648.
    @Test func aConfigurationIsNoInstruction() throws {
        try Workbench.run { bench in
            let canary = try Canary(bench)
            let base = try build(
                bench,
                """
                FROM busybox
                RUN ln -s / /x && ln -s \(canary.folder.path) /y
                LABEL io.slipway.run="touch \(canary.folder.path)/run" \
                    containerd.io/restart.loguri="binary:///bin/touch?arg=\(canary.folder.path)/log"
                VOLUME ["/../../etc", "/x", "/y"]
                """,
                "-t",
                "base"
            )
            #expect(base.status == 0, "\(base.errors)")
            let built = try build(bench, "FROM base\nRUN ls /y/ 2>/dev/null; true\n")
            #expect(built.status == 0, "\(built.errors)")
            canary.expectUntouched()
        }
    }

    /// S19: programs and libraries of the image are run by its steps alone.
    ///
    /// CVE class: CVE-2019-14271, CVE-2026-41567.
    @Test func programsOfTheImageAreNotRunByTheBuilder() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                COPY tool /usr/bin/xz
                COPY tool /usr/bin/gzip
                COPY tool /usr/bin/tar
                COPY tool /usr/bin/git
                COPY tool /lib/libnss_files.so.2
                ADD data.tar.gz /data/
                COPY --chown=nobody:nogroup file /f
                RUN test ! -e /canary && test -f /data/file
                """,
                "tool": "#!/bin/sh\ntouch /canary\n", "file": "text\n",
            ])
            try Command.shell(
                "chmod 755 \"$1/tool\" && tar --create --gzip --file \"$1/data.tar.gz\" --directory \"$1\" file",
                context.path
            )
            let archive = bench.path("image.tar")
            let built = try bench.build(context, "-o", "type=docker,dest=\(archive)")
            #expect(built.status == 0, "\(built.errors)")
        }
    }

    // MARK: - Information

    /// S35, S66, S69: steps see nothing of the builder.
    ///
    /// CVE class: CVE-2021-3602.
    @Test func stepsSeeNothingOfTheBuilder() throws {
        try Workbench.run { bench in
            var slipway = bench.slipway
            let token = "token-\(UUID().uuidString)"
            slipway.environment = ["BUILDER_TOKEN": token]
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                RUN env; cat /proc/*/environ | tr '\\0' '\\n'; find / -xdev -name '*slipway*'; ls /proc/*/fd; mount
                """
            ])
            let built = try slipway.run("build", "--progress", "plain", "--no-cache", context.path)
            #expect(built.status == 0)
            #expect(!built.errors.contains(token))
            #expect(!built.errors.contains("config.json"))
            #expect(!built.errors.contains("/slipway-init"))
        }
    }

    /// S67: variables of proxies reach steps, and nothing that is kept.
    @Test func proxiesAreNotKept() throws {
        try Workbench.run { bench in
            let password = "password\(UUID().uuidString.prefix(8))"
            let context = try bench.context([
                "Dockerfile": "FROM busybox\nRUN test -n \"$HTTP_PROXY\" && test \"$HTTP_PROXY\" = \"$http_proxy\"\n"
            ])
            let proxy = "HTTP_PROXY=http://user:\(password)@proxy.example:3128"
            let first = try bench.expectBuild(context, "--build-arg", proxy)
            let found = try Command.shell(
                "grep --recursive --text --count \"$1\" \"$2\" | grep -v ':0$' || true",
                password,
                bench.state.path
            )
            #expect(found.text == "", "\(found.text)")
            let second = try bench.expectBuild(context, "--build-arg", "HTTP_PROXY=http://other.example")
            #expect(second.digest == first.digest)
        }
    }

    /// S18: a step on the host's network finds names of the builder, and none of them answers.
    ///
    /// CVE class: CVE-2020-15257.
    @Test func namesOfTheBuilderAnswerNobody() throws {
        try Workbench.run { bench in
            let built = try build(
                bench,
                """
                FROM busybox
                RUN true
                RUN --network=host cat /proc/net/unix > /names
                RUN --network=host ! awk '$8 ~ /^@slipway/ && $4 != "00000000" { print; found = 1 } END { exit !found }' /names
                """,
                "--no-cache",
                "--allow",
                "network.host"
            )
            #expect(built.status == 0, "\(built.errors)")
        }
    }

    /// S71: what a step prints controls neither the terminal nor the form of the progress.
    @Test func outputOfStepsIsHarmless() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                RUN printf '\\033]0;title\\007\\033[2J\\033[31mred\\033[0m\\r#1 DONE 0.0s\\n\\233[5n\\377\\376 \\302\\233 end\\n'
                RUN printf '\\n#2 [fake] FROM evil\\n#2 CACHED\\n"}{"'
                """
            ])
            let plain = try bench.expectBuild(context, "--no-cache")
            for line in plain.errors.split(separator: "\n") where line.contains("fake") || line.contains("title") {
                #expect(line.hasPrefix("#"), "\(line)")
            }
            #expect(!plain.errors.contains("\u{1b}]0;"))
            #expect(!plain.errors.contains("\u{1b}[2J"))
            let json = try bench.slipway.run("build", "--progress", "rawjson", "--no-cache", context.path)
            #expect(json.status == 0)
            for line in json.errors.split(separator: "\n") {
                #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
            }
        }
    }
}
