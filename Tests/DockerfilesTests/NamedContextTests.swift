import Foundation
import TestSupport
import Testing

/// What `--build-context` takes.
@Suite(
    .serialized,
    .enabled(if: Workbench.isUsable, Workbench.reason),
    .enabled(if: ContextServer.isUsable, "needs git")
)
struct NamedContextTests {
    @Test func aNamedContextIsOfAnyKind() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let files = try bench.context(["file": "named\n"], named: "files")
            try Command.shell("chmod 644 \"$1/file\"", files.path)
            let archive = try bench.pack(files, "gzip")
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
                let built = try bench.expectBuildOf(["--build-context", "src=\(location)", context.path])
                #expect(built.steps["COPY --from=src file /"] == ending, "\(location): \(built.errors)")
                digests.insert(built.digest)
                ending = "CACHED"
            }
            #expect(digests.count == 1, "the content is the same, and so is what is stored under it")

            let started = try bench.context(["Dockerfile": "FROM src\nCOPY --from=src file /other\n"], named: "started")
            _ = try bench.expectBuildOf([
                "--build-context", "src=\(server.url("files.tgz"))", "-o", bench.path("root"), started.path,
            ])
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
            _ = try bench.expectBuildOf(["--build-context", "notes=\(server.url("notes.txt"))", context.path])
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
            _ = try bench.expectBuildOf(stands + [context.path])
            let number = ["--build-context", "double=target:0", "--build-context", "elsewhere=target:double"]
            _ = try bench.expectBuildOf(number + [context.path])
            let unknown = try bench.buildOf(["--build-context", "double=target:rael", context.path])
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
                _ = try bench.expectBuildOf([
                    "--build-context", "src::linux/amd64=\(bench.path("first"))",
                    "--build-context", "src=\(bench.path("second"))", "--platform", platform,
                    "-o", bench.path("root-\(expected)"), context.path,
                ])
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
            _ = try bench.expectBuildOf(given + [context.path])
            #expect(!server.wasAsked(for: "unread.tar"))
            #expect(!server.wasAsked(for: "broken.git"))

            let failed = try bench.buildOf(given + ["--target", "other", context.path])
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
                let built = try bench.buildOf(["--build-context", "src=\(location)", context.path])
                #expect(built.status == status, "\(location): \(built.errors)")
                #expect(built.failure.contains(message), "\(location): \(built.errors)")
            }
        }
    }

    @Test func aFolderThatIsNoneIsAnError() throws {
        try Workbench.run { bench in
            let file = try bench.input("FROM busybox\n")
            for (context, message) in [
                (bench.path("nowhere"), "there is no folder"), (file.path, "slipway build - < "),
                ("ftp://example.com/x", "a git repository or an HTTP address"),
            ] {
                for arguments in [[], ["-f", file.path]] {
                    let built = try bench.buildOf(arguments + [context])
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
            let context = try bench.archivableContext("FROM busybox\nCOPY data /data\n")
            try FileManager.default.moveItem(
                at: try bench.pack(context),
                to: server.folder.appendingPathComponent("context.tar")
            )
            try server.repository("app", "cp -a '\(context.path)/.' .")
            let roots = try bench.expectBuildOf([context.path])
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
}
