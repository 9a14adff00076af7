import Foundation
import TestSupport
import Testing

/// Builds whose context, or Dockerfile, is on another machine.
@Suite(
    .serialized,
    .enabled(if: Workbench.isUsable, Workbench.reason),
    .enabled(if: ContextServer.isUsable, "needs git")
)
struct RemoteContextTests {
    @Test func aCommitIsAContext() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try bench.archivableContext()
            try server.repository(
                "app",
                """
                cp -a '\(context.path)/.' . && mkdir sub && printf 'FROM busybox\\nCOPY inner /\\n' > sub/Dockerfile
                echo inner > sub/inner && printf 'FROM busybox\\nCOPY hidden /\\n' > Hidden
                printf 'FROM busybox\\nCOPY . /all\\nRUN test -e /all/.git/HEAD\\n' > Git
                """
            )
            let repository = server.url("app.git")
            let built = try bench.expectBuildOf([repository])
            #expect(built.errors.contains(" 0:0 644"), "\(built.errors)")
            let local = try bench.expectBuildOf([context.path])
            #expect(local.steps["COPY data /data"] == "CACHED", "the content is the same")
            for address in ["#main:sub", "#v1:/sub", "#:sub", "?branch=main&subdir=sub", "?tag=v1#:sub"] {
                let inner = try bench.expectBuildOf([repository + address])
                #expect(inner.errors.contains("COPY inner /"), "\(inner.errors)")
            }
            _ = try bench.expectBuildOf(["-f", "Hidden", repository + "#main"])
            _ = try bench.expectBuildOf(["-f", context.appendingPathComponent("Dockerfile").path, repository]
            )
            #expect(try bench.buildOf(["-f", "Git", repository]).status == 1)
            _ = try bench.expectBuildOf(["-f", "Git", "--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=1", repository])
            _ = try bench.expectBuildOf(["-f", "Git", repository + "?keep-git-dir=1"])

            for (address, status, message) in [
                ("#nowhere", 1, "has no branch, tag or commit `nowhere`"), ("#main:none", 1, "`none`"),
                ("#main:../..", 64, "leads out of the repository"),
                ("#--upload-pack=x", 64, "can be no branch, tag or commit"),
            ] as [(String, Int32, String)] {
                let failed = try bench.buildOf([repository + address])
                #expect(failed.status == status)
                #expect(failed.failure.contains(message), "\(failed.errors)")
            }
        }
    }

    @Test func anAddressIsAnArchiveOrADockerfile() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try bench.archivableContext()
            for (name, filter) in [("plain.tar", "cat"), ("context.tgz", "gzip"), ("odd", "zstd -q")] {
                try FileManager.default.moveItem(
                    at: try bench.pack(context, filter),
                    to: server.folder.appendingPathComponent(name)
                )
                let built = try bench.expectBuildOf([server.url(name)])
                #expect(built.errors.contains("COPY data /data"))
            }
            try Data("FROM busybox\nCOPY . /all\nRUN test -z \"$(ls -A /all)\"\n".utf8)
                .write(to: server.folder.appendingPathComponent("recipe"))
            _ = try bench.expectBuildOf([server.url("recipe")])
            let two = try bench.buildOf(["-f", "x", server.url("recipe")])
            #expect(two.failure.contains("-f names another"), "\(two.errors)")
            let missing = try bench.buildOf([server.url("missing.tar")])
            #expect(missing.status == 1)
            #expect(missing.failure.contains("answered 404"), "\(missing.errors)")
            #expect(missing.failure.contains("hint: "), "\(missing.errors)")

            try Data("FROM busybox\nCOPY data/file /\n".utf8)
                .write(to: server.folder.appendingPathComponent("Remote"))
            let remote = try bench.expectBuildOf(["-f", server.url("Remote"), context.path])
            #expect(remote.errors.contains("load build definition from http://127.0.0.1"), "\(remote.errors)")
            _ = try bench.expectBuildOf(["-f", server.url("Remote"), "-"], input: try bench.pack(context))
            let ambiguous = try bench.buildOf(
                ["-f", server.url("Remote"), "-"],
                input: try bench.input("FROM busybox\n")
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

    @Test func aSignalEndsTheWaitForARepositoryAndNothingIsLeft() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let address = server.url("stalls/x.git")
            let waiting = try bench.slipway.start(["build", "--progress", "plain", address])
            try #require(Poll.until { server.wasAsked(for: "stalls/x.git") })
            usleep(200_000)
            waiting.send(SIGTERM)
            #expect(try waiting.wait(seconds: 10).status == 143)
            #expect(HostState.leftovers(in: bench.state) == [])
            #expect(try Command.run("pgrep", "-f", address).status == 1, "git is still there")
        }
    }

    @Test(arguments: ["missing.tar?token=sesame", "missing.git?ref=a", "missing.git#a", "[/x"])
    func passwordsOfAnAddressAreNotShown(_ path: String) throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM scratch\nCOPY --from=src / /\n"])
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let address = server.url(path).replacingOccurrences(of: "http://", with: "http://user:sesame@")
            for arguments in [
                [address], ["--build-context", "src=\(address)", context.path], ["-f", address, context.path],
            ] {
                let built = try bench.buildOf(arguments)
                #expect(built.status != 0)
                #expect(!(built.errors + built.text).contains("sesame"), "\(built.errors)")
            }
        }
    }
}
