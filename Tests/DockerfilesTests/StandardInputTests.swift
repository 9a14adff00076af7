import Foundation
import TestSupport
import Testing

/// Builds whose context, or Dockerfile, comes on standard input.
@Suite(
    .serialized,
    .enabled(if: Workbench.isUsable, Workbench.reason),
    .enabled(if: ContextServer.isUsable, "needs git")
)
struct StandardInputTests {
    @Test(arguments: ["cat", "gzip", "bzip2", "xz", "zstd -q"])
    func anArchiveOnStandardInputIsTheContext(_ filter: String) throws {
        try Workbench.run { bench in
            let context = try bench.archivableContext()
            let archive = try bench.pack(context, filter)
            let built = try bench.expectBuildOf(["-"], input: archive)
            #expect(built.errors.contains(" 0:0 644"), "files of a context are root's: \(built.errors)")
            #expect(built.steps["COPY data /data"] == "DONE")
            // The same content in a folder has the same keys, and was made by the archive's build.
            let again = try bench.expectBuildOf([context.path])
            #expect(again.steps["COPY data /data"] == "CACHED")
            #expect(again.digest == built.digest)
        }
    }

    @Test func anArchiveAndAFolderGiveOneImage() throws {
        try Workbench.run { bench in
            let context = try bench.archivableContext()
            let fromFolder = try bench.expectBuildOf([context.path])
            var other = bench
            other.slipway = SlipwayProgram(state: bench.folder.appendingPathComponent("other"))
            try Bases.load("busybox", into: other.slipway)
            #expect(try other.expectBuildOf(["-"], input: try bench.pack(context)).digest == fromFolder.digest)
        }
    }

    @Test func theDockerfileOfAnArchiveIsInIt() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "dockerfile": "FROM busybox\n", "inner/Other": "FROM busybox\nCOPY top /\n", "top": "x",
            ])
            let archive = try bench.pack(context)
            _ = try bench.expectBuildOf(["-"], input: archive)
            _ = try bench.expectBuildOf(["-f", "inner/Other", "-"], input: archive)
            _ = try bench.expectBuildOf(["-f", "/inner/../inner/Other", "-"], input: archive)
            let missing = try bench.buildOf(["-f", "none", "-"], input: archive)
            #expect(missing.status == 1)
            #expect(missing.failure.contains("there is no `none`"), "\(missing.errors)")
        }
    }

    @Test func anArchiveOfOneFolderSaysWhereItsDockerfileIs() throws {
        try Workbench.run { bench in
            _ = try bench.context(["Dockerfile": "FROM busybox\n"], named: "outer/app-1.0")
            let archive = try bench.pack(bench.folder.appendingPathComponent("outer"))
            let built = try bench.buildOf(["-"], input: archive)
            #expect(built.status == 1)
            #expect(built.failure.contains("pass -f app-1.0/Dockerfile"), "\(built.errors)")
            _ = try bench.expectBuildOf(["-f", "app-1.0/Dockerfile", "-"], input: archive)
        }
    }

    @Test func theIgnoreFileOfAnArchiveSaysNothing() throws {
        try Workbench.run { bench in
            let context = try bench.archivableContext("FROM busybox\nCOPY hidden /\n")
            _ = try bench.expectBuildOf(["-"], input: try bench.pack(context))
            #expect(try bench.buildOf([context.path]).status == 1)
        }
    }

    @Test func textOnStandardInputIsADockerfileWithoutFiles() throws {
        try Workbench.run { bench in
            let built = try bench.expectBuildOf(
                ["-"],
                input: try bench.input("FROM busybox\nCOPY . /all\nRUN test -z \"$(ls -A /all)\"\n")
            )
            #expect(built.errors.contains("load build context from standard input"))
            let missing = try bench.buildOf(["-"], input: try bench.input("FROM busybox\nCOPY file /\n"))
            #expect(missing.failure.contains("Dockerfile:2:1"), "\(missing.errors)")
        }
    }

    @Test func theDockerfileComesFromStandardInputAndTheFilesFromElsewhere() throws {
        try Workbench.run { bench in
            let context = try bench.archivableContext()
            let dockerfile = try bench.input("FROM busybox\nCOPY data/file /\n")
            _ = try bench.expectBuildOf(["-f", "-", context.path], input: dockerfile)
            let ignored = try bench.buildOf(
                ["-f", "-", context.path],
                input: try bench.input("FROM busybox\nCOPY hidden /\n")
            )
            #expect(ignored.failure.contains("ignores it"), "\(ignored.errors)")

            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            try FileManager.default.moveItem(
                at: try bench.pack(context, "gzip"),
                to: server.folder.appendingPathComponent("context.tar.gz")
            )
            _ = try bench.expectBuildOf(["-f", "-", server.url("context.tar.gz")], input: dockerfile)
            #expect(server.wasAsked(for: "context.tar.gz"))
            let nothing = try bench.input("FROM busybox\n")
            _ = try bench.expectBuildOf(["-f", "-", server.url("not-there.tar")], input: nothing)
            #expect(!server.wasAsked(for: "not-there.tar"), "no step reads it")
        }
    }

    @Test func whatCannotBeOnStandardInputIsRefused() throws {
        try Workbench.run { bench in
            let dockerfile = try bench.input("FROM busybox\n")
            let both = try bench.buildOf(["-f", "-", "-"], input: dockerfile)
            #expect(both.status == 64)
            #expect(both.errors.contains("cannot be both"), "\(both.errors)")
            let empty = try bench.buildOf(["-"])
            #expect(empty.status == 64)
            #expect(empty.failure.contains("standard input is empty"), "\(empty.errors)")
            let two = try bench.buildOf(["-f", "Dockerfile", "-"], input: dockerfile)
            #expect(two.status == 64)
            #expect(two.failure.contains("-f names another"), "\(two.errors)")
        }
    }

    @Test(arguments: [
        "head -c 3000", "gzip | head -c 150", "gzip | gzip",
        "gzip | sed s/a/b/g", "dd bs=512 skip=2 status=none | gzip",
        // The content is still there, and only the checksum tells that it is another.
        "{ gzip | head -c -8; printf 12345678; }",
    ])
    func aBrokenArchiveIsAnError(_ filter: String) throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nCOPY . /\n"])
            try Command.shell("head -c 100000 /dev/urandom > \"$1/noise\"", context.path)
            let built = try bench.buildOf(["-"], input: try bench.pack(context, filter))
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
                let built = try bench.buildOf(["-"], input: try bench.pack(folder))
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
            _ = try bench.expectBuildOf(["-"], input: try bench.pack(folder))
            let outside = bench.folder.appendingPathComponent("outside.tar")
            try Command.shell(
                "cd \"$1\" && tar -P --transform 's,^inside,../../../escaped,' -cf \"$2\" inside etc",
                folder.path,
                outside.path
            )
            let built = try bench.expectBuildOf(["-f", "etc/passwd", "-"], input: outside)
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
            let archive = try Data(contentsOf: try bench.pack(context))
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
}
