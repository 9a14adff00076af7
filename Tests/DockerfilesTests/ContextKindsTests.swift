import Foundation
import TestSupport
import Testing

/// Builds from contexts that are no folders: standard input, archives, commits and what is on a web server.
@Suite(
    .serialized,
    .enabled(if: Workbench.isUsable, Workbench.reason),
    .enabled(if: ContextServer.isUsable, "needs python3 and git")
)
struct ContextKindsTests {
    private static let dockerfile = """
        FROM busybox
        COPY data /data
        RUN stat -c '%u:%g %a' /data/file > /owner && cat /owner
        """

    /// A context whose times are whole seconds, as archives and commits have them.
    private func makeContext(_ bench: Workbench, _ dockerfile: String = dockerfile) throws -> URL {
        let context = try bench.context(["Dockerfile": dockerfile, "data/file": "some bytes\n", "hidden": "h\n"])
        try Command.shell(
            """
            cd "$1"; printf 'hidden\\n' > .dockerignore; chmod 644 data/file Dockerfile hidden; chmod 755 data
            find . -exec touch -h -d @1000000000 {} +
            """,
            context.path
        )
        return context
    }

    /// Packs a folder with somebody else's owners.
    private func pack(_ folder: URL, _ bench: Workbench, _ filter: String = "cat") throws -> URL {
        let archive = bench.folder.appendingPathComponent("archive-\(UUID().uuidString)")
        try Command.shell(
            "tar -C \"$1\" --owner=1234 --group=1234 -cf - . | \(filter) > \"$2\"",
            folder.path,
            archive.path
        )
        return archive
    }

    private func input(_ text: String, _ bench: Workbench) throws -> URL {
        let file = bench.folder.appendingPathComponent("input-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        return file
    }

    private func build(_ bench: Workbench, _ arguments: [String], input: URL? = nil) throws -> Outcome {
        try bench.slipway.run(["build", "--progress", "plain"] + arguments, input: input)
    }

    private func expectBuild(
        _ bench: Workbench,
        _ arguments: [String],
        input: URL? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let built = try build(bench, arguments, input: input)
        #expect(built.status == 0, "\(built.errors)", sourceLocation: sourceLocation)
        return built
    }

    private func created(_ bench: Workbench, _ name: String) throws -> String {
        let text = try bench.slipway.run("inspect", name).text
        let line = text.split(separator: "\n").first { $0.contains("\"created\"") } ?? ""
        return String(line)
    }

    // MARK: Standard input

    @Test(arguments: ["cat", "gzip", "bzip2", "xz", "zstd -q"])
    func anArchiveOnStandardInputIsTheContext(_ filter: String) throws {
        try Workbench.run { bench in
            let context = try makeContext(bench)
            let archive = try pack(context, bench, filter)
            let built = try expectBuild(bench, ["-"], input: archive)
            #expect(built.errors.contains(" 0:0 644"), "files of a context are root's: \(built.errors)")
            #expect(built.steps["COPY data /data"] == "DONE")
            // The same content in a folder has the same keys, and was made by the archive's build.
            let again = try expectBuild(bench, [context.path])
            #expect(again.steps["COPY data /data"] == "CACHED")
            #expect(again.digest == built.digest)
        }
    }

    @Test func anArchiveAndAFolderGiveOneImage() throws {
        try Workbench.run { bench in
            let context = try makeContext(bench)
            let fromFolder = try expectBuild(bench, [context.path])
            var other = bench
            other.slipway = SlipwayProgram(state: bench.folder.appendingPathComponent("other"))
            try Bases.load("busybox", into: other.slipway)
            #expect(try expectBuild(other, ["-"], input: try pack(context, bench)).digest == fromFolder.digest)
        }
    }

    @Test func theDockerfileOfAnArchiveIsInIt() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "dockerfile": "FROM busybox\n", "inner/Other": "FROM busybox\nCOPY top /\n", "top": "x",
            ])
            let archive = try pack(context, bench)
            _ = try expectBuild(bench, ["-"], input: archive)
            _ = try expectBuild(bench, ["-f", "inner/Other", "-"], input: archive)
            _ = try expectBuild(bench, ["-f", "/inner/../inner/Other", "-"], input: archive)
            let missing = try build(bench, ["-f", "none", "-"], input: archive)
            #expect(missing.status == 1)
            #expect(missing.failure.contains("there is no `none`"), "\(missing.errors)")
        }
    }

    @Test func anArchiveOfOneFolderSaysWhereItsDockerfileIs() throws {
        try Workbench.run { bench in
            _ = try bench.context(["Dockerfile": "FROM busybox\n"], named: "outer/app-1.0")
            let archive = try pack(bench.folder.appendingPathComponent("outer"), bench)
            let built = try build(bench, ["-"], input: archive)
            #expect(built.status == 1)
            #expect(built.failure.contains("pass -f app-1.0/Dockerfile"), "\(built.errors)")
            _ = try expectBuild(bench, ["-f", "app-1.0/Dockerfile", "-"], input: archive)
        }
    }

    @Test func theIgnoreFileOfAnArchiveSaysNothing() throws {
        try Workbench.run { bench in
            let context = try makeContext(bench, "FROM busybox\nCOPY hidden /\n")
            _ = try expectBuild(bench, ["-"], input: try pack(context, bench))
            #expect(try build(bench, [context.path]).status == 1)
        }
    }

    @Test func textOnStandardInputIsADockerfileWithoutFiles() throws {
        try Workbench.run { bench in
            let built = try expectBuild(
                bench,
                ["-"],
                input: try input("FROM busybox\nCOPY . /all\nRUN test -z \"$(ls -A /all)\"\n", bench)
            )
            #expect(built.errors.contains("load build context from standard input"))
            let missing = try build(bench, ["-"], input: try input("FROM busybox\nCOPY file /\n", bench))
            #expect(missing.failure.contains("Dockerfile:2:1"), "\(missing.errors)")
        }
    }

    @Test func theDockerfileComesFromStandardInputAndTheFilesFromElsewhere() throws {
        try Workbench.run { bench in
            let context = try makeContext(bench)
            let dockerfile = try input("FROM busybox\nCOPY data/file /\n", bench)
            _ = try expectBuild(bench, ["-f", "-", context.path], input: dockerfile)
            let ignored = try build(
                bench,
                ["-f", "-", context.path],
                input: try input("FROM busybox\nCOPY hidden /\n", bench)
            )
            #expect(ignored.failure.contains("ignores it"), "\(ignored.errors)")

            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            try FileManager.default.moveItem(
                at: try pack(context, bench, "gzip"),
                to: server.folder.appendingPathComponent("context.tar.gz")
            )
            _ = try expectBuild(bench, ["-f", "-", server.url("context.tar.gz")], input: dockerfile)
            #expect(server.wasAsked(for: "context.tar.gz"))
            let nothing = try input("FROM busybox\n", bench)
            _ = try expectBuild(bench, ["-f", "-", server.url("not-there.tar")], input: nothing)
            #expect(!server.wasAsked(for: "not-there.tar"), "no step reads it")
        }
    }

    @Test func whatCannotBeOnStandardInputIsRefused() throws {
        try Workbench.run { bench in
            let dockerfile = try input("FROM busybox\n", bench)
            let both = try build(bench, ["-f", "-", "-"], input: dockerfile)
            #expect(both.status == 64)
            #expect(both.errors.contains("cannot be both"), "\(both.errors)")
            let empty = try build(bench, ["-"])
            #expect(empty.status == 64)
            #expect(empty.failure.contains("standard input is empty"), "\(empty.errors)")
            let two = try build(bench, ["-f", "Dockerfile", "-"], input: dockerfile)
            #expect(two.status == 64)
            #expect(two.failure.contains("-f names another"), "\(two.errors)")
        }
    }

    @Test(arguments: [
        ("head -c 3000", "archive"), ("gzip | head -c 150", "archive"), ("gzip | gzip", "archive"),
        ("gzip | sed s/a/b/g", "archive"), ("dd bs=512 skip=2 status=none | gzip", "archive"),
    ])
    func aBrokenArchiveIsAnError(_ filter: String, _ word: String) throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nCOPY . /\n"])
            try Command.shell("head -c 100000 /dev/urandom > \"$1/noise\"", context.path)
            let built = try build(bench, ["-"], input: try pack(context, bench, filter))
            #expect(built.status == 1, "\(built.errors)")
            #expect(built.failure.contains("error: cannot read the archive on standard input"), "\(built.errors)")
            #expect(built.failure.contains("hint: "), "\(built.errors)")
        }
    }

    /// The classes are those of CVE-2022-4122 and CVE-2014-9356.
    @Test func anArchiveGetsNowhereElse() throws {
        try Workbench.run { bench in
            let folder = try bench.context(["inside": "x"], named: "evil")
            for (script, message) in [
                ("ln -s /etc/passwd Dockerfile", "is a link to `/etc/passwd`, which is not there"),
                ("ln -s ../../../../etc/passwd Dockerfile", "which is not there"),
                ("mkfifo Dockerfile", "is not a regular file"), ("mkdir Dockerfile", "is not a regular file"),
                ("ln -s Dockerfile Dockerfile", "too many symbolic links"),
            ] {
                try Command.shell("cd \"$1\"; rm -rf Dockerfile; \(script)", folder.path)
                let built = try build(bench, ["-"], input: try pack(folder, bench))
                #expect(built.status == 1)
                #expect(built.failure.contains(message), "\(script): \(built.errors)")
                #expect(!built.errors.contains("root:"))
            }
            try Command.shell(
                """
                cd "$1"; rm -rf Dockerfile; mkdir etc; printf 'FROM busybox\\nCOPY . /c\\n' > etc/passwd
                ln -s /etc/passwd Dockerfile; mknod null c 1 3; mkfifo pipe
                """,
                folder.path
            )
            _ = try expectBuild(bench, ["-"], input: try pack(folder, bench))
            let outside = bench.folder.appendingPathComponent("outside.tar")
            try Command.shell(
                "cd \"$1\" && tar -P --transform 's,^inside,../../../escaped,' -cf \"$2\" inside etc",
                folder.path,
                outside.path
            )
            let built = try expectBuild(bench, ["-f", "etc/passwd", "-"], input: outside)
            #expect(built.digest.hasPrefix("sha256:"))
            let found = try Command.run("find", bench.folder.path, "-name", "escaped")
            #expect(found.digest == "", "the member leads out of the context")
        }
    }

    @Test(arguments: [SIGINT: 130, SIGTERM: 143] as [Int32: Int32])
    func aSignalEndsTheWaitForAnArchiveAndNothingIsLeft(_ signal: Int32, _ status: Int32) throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\n"])
            try Command.shell("head -c 1000000 /dev/urandom > \"$1/noise\"", context.path)
            let archive = try Data(contentsOf: try pack(context, bench))
            for count in [0, 40_000] {
                let fifo = bench.folder.appendingPathComponent("fifo-\(count)")
                try Command.shell("mkfifo \"$1\"", fifo.path)
                // Open at both ends, so that nobody waits for the other one, and nothing more ever comes.
                let other = try FileHandle(forUpdating: fifo)
                defer { try? other.close() }
                try other.write(contentsOf: archive.prefix(count))
                let waiting = try bench.slipway.start(["build", "--progress", "plain", "-"], input: fifo)
                try #require(Poll.until { waiting.errors.contains("load build context from standard input") })
                usleep(200_000)
                waiting.send(signal)
                #expect(try waiting.wait(seconds: 10).status == status)
                #expect(HostState.leftovers(in: bench.state) == [], "after \(count) bytes")
            }
        }
    }

    // MARK: Other machines

    @Test func aCommitIsAContext() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try makeContext(bench)
            try server.repository(
                "app",
                """
                cp -a '\(context.path)/.' . && mkdir sub && printf 'FROM busybox\\nCOPY inner /\\n' > sub/Dockerfile
                echo inner > sub/inner && printf 'FROM busybox\\nCOPY hidden /\\n' > Hidden
                printf 'FROM busybox\\nCOPY . /all\\nRUN test -e /all/.git/HEAD\\n' > Git
                """
            )
            let repository = server.url("app.git")
            let built = try expectBuild(bench, [repository])
            #expect(built.errors.contains(" 0:0 644"), "\(built.errors)")
            let local = try expectBuild(bench, [context.path])
            #expect(local.steps["COPY data /data"] == "CACHED", "the content is the same")
            for address in ["#main:sub", "#v1:/sub", "#:sub", "?branch=main&subdir=sub", "?tag=v1#:sub"] {
                let inner = try expectBuild(bench, [repository + address])
                #expect(inner.errors.contains("COPY inner /"), "\(inner.errors)")
            }
            _ = try expectBuild(bench, ["-f", "Hidden", repository + "#main"])
            _ = try expectBuild(
                bench,
                ["-f", context.appendingPathComponent("Dockerfile").path, repository]
            )
            #expect(try build(bench, ["-f", "Git", repository]).status == 1)
            _ = try expectBuild(bench, ["-f", "Git", "--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=1", repository])
            _ = try expectBuild(bench, ["-f", "Git", repository + "?keep-git-dir=1"])

            for (address, status, message) in [
                ("#nowhere", 1, "has no branch, tag or commit `nowhere`"), ("#main:none", 1, "`none`"),
                ("#main:../..", 64, "leads out of the repository"),
                ("#--upload-pack=x", 64, "can be no branch, tag or commit"),
            ] as [(String, Int32, String)] {
                let failed = try build(bench, [repository + address])
                #expect(failed.status == status)
                #expect(failed.failure.contains(message), "\(failed.errors)")
            }
        }
    }

    @Test func anAddressIsAnArchiveOrADockerfile() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try makeContext(bench)
            for (name, filter) in [("plain.tar", "cat"), ("context.tgz", "gzip"), ("odd", "zstd -q")] {
                try FileManager.default.moveItem(
                    at: try pack(context, bench, filter),
                    to: server.folder.appendingPathComponent(name)
                )
                let built = try expectBuild(bench, [server.url(name)])
                #expect(built.errors.contains("COPY data /data"))
            }
            try Data("FROM busybox\nCOPY . /all\nRUN test -z \"$(ls -A /all)\"\n".utf8)
                .write(to: server.folder.appendingPathComponent("recipe"))
            _ = try expectBuild(bench, [server.url("recipe")])
            let two = try build(bench, ["-f", "x", server.url("recipe")])
            #expect(two.failure.contains("-f names another"), "\(two.errors)")
            let missing = try build(bench, [server.url("missing.tar")])
            #expect(missing.status == 1)
            #expect(missing.failure.contains("answered 404"), "\(missing.errors)")
            #expect(missing.failure.contains("hint: "), "\(missing.errors)")

            try Data("FROM busybox\nCOPY data/file /\n".utf8)
                .write(to: server.folder.appendingPathComponent("Remote"))
            let remote = try expectBuild(bench, ["-f", server.url("Remote"), context.path])
            #expect(remote.errors.contains("load build definition from http://127.0.0.1"), "\(remote.errors)")
            _ = try expectBuild(bench, ["-f", server.url("Remote"), "-"], input: try pack(context, bench))
            let ambiguous = try build(
                bench,
                ["-f", server.url("Remote"), "-"],
                input: try input("FROM busybox\n", bench)
            )
            #expect(ambiguous.status == 64)
        }
    }

    @Test func aSignalEndsADownloadAndNothingIsLeft() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let waiting = try bench.slipway.start(["build", "--progress", "plain", server.url("stalls/x.tar")])
            try #require(Poll.until { server.wasAsked(for: "stalls/x.tar") })
            waiting.send(SIGINT)
            #expect(try waiting.wait(seconds: 10).status == 130)
            #expect(HostState.leftovers(in: bench.state) == [])
        }
    }

    // MARK: Named contexts

    @Test func aNamedContextIsOfAnyKind() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let files = try bench.context(["file": "named\n"], named: "files")
            try Command.shell("chmod 644 \"$1/file\"", files.path)
            let archive = try pack(files, bench, "gzip")
            try FileManager.default.copyItem(at: archive, to: server.folder.appendingPathComponent("files.tgz"))
            try server.repository("files", "cp '\(files.path)/file' .")
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                COPY --from=src file /
                RUN --mount=type=bind,from=src,target=/src test "$(cat /file /src/file)" = "$(printf 'named\\nnamed')"
                """
            ])
            var ending = "DONE"
            var digests: Set<String> = []
            for location in [
                archive.path, files.path, server.url("files.tgz"), server.url("files.git"),
                server.url("files.git#main"),
            ] {
                let built = try expectBuild(bench, ["--build-context", "src=\(location)", context.path])
                #expect(built.steps["COPY --from=src file /"] == ending, "\(location): \(built.errors)")
                digests.insert(built.digest)
                ending = "CACHED"
            }
            #expect(digests.count == 1, "the content is the same, and so is what is stored under it")

            let started = try bench.context(["Dockerfile": "FROM src\nCOPY --from=src file /other\n"], named: "started")
            _ = try expectBuild(
                bench,
                ["--build-context", "src=\(server.url("files.tgz"))", "-o", bench.path("root"), started.path]
            )
            #expect(try String(contentsOfFile: bench.path("root/other"), encoding: .utf8) == "named\n")
        }
    }

    @Test func aFileOfAnAddressHasOneName() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            try Data("just text\n".utf8).write(to: server.folder.appendingPathComponent("notes.txt"))
            let context = try bench.context([
                "Dockerfile": "FROM busybox\nCOPY --from=notes context /n\nRUN stat -c %a,%u /n | grep 600,0\n"
            ])
            _ = try expectBuild(bench, ["--build-context", "notes=\(server.url("notes.txt"))", context.path])
        }
    }

    @Test func aStageStandsForAName() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox AS real
                ENV KIND=real
                RUN echo real > /kind
                FROM busybox AS double
                RUN exit 3
                FROM double
                RUN test "$KIND" = real
                COPY --from=elsewhere /kind /copied
                RUN test "$(cat /copied)" = real
                """
            ])
            let stands = ["--build-context", "double=target:real", "--build-context", "elsewhere=target:REAL"]
            _ = try expectBuild(bench, stands + [context.path])
            let number = ["--build-context", "double=target:0", "--build-context", "elsewhere=target:double"]
            _ = try expectBuild(bench, number + [context.path])
            let unknown = try build(bench, ["--build-context", "double=target:rael", context.path])
            #expect(unknown.failure.contains("did you mean `real`?"), "\(unknown.errors)")
            #expect(unknown.failure.contains("Dockerfile:6:"), "\(unknown.errors)")
        }
    }

    @Test func aContextMayBeForOnePlatform() throws {
        try Workbench.run { bench in
            _ = try bench.context(["file": "amd64\n"], named: "first")
            _ = try bench.context(["file": "other\n"], named: "second")
            let context = try bench.context(["Dockerfile": "FROM scratch\nCOPY --from=src file /\n"])
            for (platform, expected) in [("linux/amd64", "amd64\n"), ("linux/arm64", "other\n")] {
                _ = try expectBuild(
                    bench,
                    [
                        "--build-context", "src::linux/amd64=\(bench.path("first"))",
                        "--build-context", "src=\(bench.path("second"))", "--platform", platform,
                        "-o", bench.path("root-\(expected)"), context.path,
                    ]
                )
                let copied = try String(contentsOfFile: bench.path("root-\(expected)/file"), encoding: .utf8)
                #expect(copied == expected)
            }
        }
    }

    @Test func whatNoStepReadsIsNotFetched() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox AS other
                COPY --from=unread / /
                COPY --from=broken / /
                FROM busybox
                RUN true
                """
            ])
            let given = [
                "--build-context", "unread=\(server.url("unread.tar"))",
                "--build-context", "broken=\(server.url("broken.git"))",
                "--build-context", "text=\(context.appendingPathComponent("Dockerfile").path)",
            ]
            _ = try expectBuild(bench, given + [context.path])
            #expect(!server.wasAsked(for: "unread.tar"))
            #expect(!server.wasAsked(for: "broken.git"))

            let failed = try build(bench, given + ["--target", "other", context.path])
            #expect(failed.status == 1)
            #expect(server.wasAsked(for: "unread.tar"))
            #expect(failed.failure.contains("Dockerfile:2:1"), "\(failed.errors)")
            #expect(failed.failure.contains("answered 404"), "\(failed.errors)")
        }
    }

    @Test func aNamedContextThatIsNoneIsAnError() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nCOPY --from=src / /\n", "text": "t"])
            for (location, status, message) in [
                (bench.path("nowhere"), 64, "there is no folder or archive"),
                (context.appendingPathComponent("text").path, 1, "neither a folder nor an archive"),
                ("/dev/null", 1, "neither a folder nor an archive"),
                ("ftp://example.com/x", 64, "there is no folder or archive"),
                ("http://[::1/x", 64, "is not a URL"),
            ] as [(String, Int32, String)] {
                let built = try build(bench, ["--build-context", "src=\(location)", context.path])
                #expect(built.status == status, "\(location): \(built.errors)")
                #expect(built.failure.contains(message), "\(location): \(built.errors)")
            }
        }
    }

    @Test func aFolderThatIsNoneIsAnError() throws {
        try Workbench.run { bench in
            let file = try input("FROM busybox\n", bench)
            for (context, message) in [
                (bench.path("nowhere"), "there is no folder"), (file.path, "slipway build - < "),
                ("ftp://example.com/x", "a git repository or an HTTP address"),
            ] {
                for arguments in [[], ["-f", file.path]] {
                    let built = try build(bench, arguments + [context])
                    #expect(built.status == 64, "\(built.errors)")
                    #expect(built.failure.contains(message), "\(built.errors)")
                }
            }
        }
    }

    @Test(
        .enabled(if: RootlessAccount.isUsable, RootlessAccount.reason),
        arguments: RootlessAccount.Ids.allCases
    )
    func ordinaryUsersBuildFromArchivesAndCommits(_ ids: RootlessAccount.Ids) throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try makeContext(bench, "FROM busybox\nCOPY data /data\n")
            try FileManager.default.moveItem(
                at: try pack(context, bench),
                to: server.folder.appendingPathComponent("context.tar")
            )
            try server.repository("app", "cp -a '\(context.path)/.' .")
            let roots = try expectBuild(bench, [context.path])
            let account = try RootlessAccount(ids)
            try account.loadBase()
            let copy = try account.copy(server.folder).appendingPathComponent("context.tar")
            let piped = try account.run([
                "/bin/sh", "-c", "exec \"$1\" build --progress plain - < \"$2\"", "sh", SlipwayProgram.binary.path,
                copy.path,
            ])
            #expect(piped.digest == roots.digest, "\(piped.errors)")
            for name in ["context.tar", "app.git"] {
                let fetched = try account.slipway("build", "--progress", "plain", "--no-cache", server.url(name))
                #expect(fetched.digest == roots.digest, "\(name): \(fetched.errors)")
            }
            #expect(HostState.leftovers(in: account.state) == [])
        }
    }

    // MARK: Times and checks

    @Test func theTimeOfAContextIsTheImages() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try makeContext(bench, "ARG SOURCE_DATE_EPOCH\nFROM busybox\nRUN touch /x\n")
            let archive = try pack(context, bench)
            try FileManager.default.copyItem(at: archive, to: server.folder.appendingPathComponent("c.tar"))
            try Command.shell("touch -d @1100000000 \"$1\"", server.folder.appendingPathComponent("c.tar").path)
            try server.repository("c", "cp -a '\(context.path)/.' .")
            let argument = ["--build-arg", "SOURCE_DATE_EPOCH=context"]
            _ = try expectBuild(bench, argument + ["-t", "tar", "-"], input: archive)
            #expect(try created(bench, "tar").contains("2001-09-09T01:46:40Z"))
            _ = try expectBuild(bench, ["--source-date-epoch", "context", "-t", "http", server.url("c.tar")])
            #expect(try created(bench, "http").contains("2004-11-09T11:33:20Z"))
            _ = try expectBuild(bench, argument + ["-t", "git", server.url("c.git")])
            #expect(try created(bench, "git").contains("2001-09-09T01:46:40Z"))
            _ = try expectBuild(bench, argument + ["-t", "local", context.path])
        }
    }

    @Test func aDockerfileOfAnyContextIsLookedOver() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try makeContext(bench, "FROM busybox AS app\nARG VERSION=1\nCOPY hidden /\nWORKDIR x\n")
            let archive = try pack(context, bench)
            try FileManager.default.copyItem(at: archive, to: server.folder.appendingPathComponent("c.tar"))
            for (place, input) in [("-", archive), (server.url("c.tar"), nil)] as [(String, URL?)] {
                let checked = try bench.slipway.run(["build", "--check", place], input: input)
                #expect(checked.text.contains("WorkdirRelativePath"), "\(checked.text)\(checked.errors)")
                #expect(!checked.text.contains("CopyIgnoredFile"), "\(checked.text)")
                let outline = try bench.slipway.run(["build", "--call=outline", place], input: input)
                #expect(outline.text.contains("VERSION"), "\(outline.text)\(outline.errors)")
                let targets = try bench.slipway.run(["build", "--call=targets", place], input: input)
                #expect(targets.text.contains("app"), "\(targets.text)\(targets.errors)")
            }
            let local = try bench.slipway.run(["build", "--check", context.path])
            #expect(local.text.contains("CopyIgnoredFile"), "\(local.text)\(local.errors)")
        }
    }
}
