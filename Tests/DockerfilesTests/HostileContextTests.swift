import Foundation
import TestSupport
import Testing

/// Contexts that try to get at what is not theirs, or hold what few expect.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct HostileContextTests {
    private static let outside = "what-stands-outside-of-the-context"

    /// A context with links that lead out of it, beside a file that is not part of it.
    private func makeContext(_ bench: Workbench, _ dockerfile: String) throws -> URL {
        let context = try bench.context(["Dockerfile": dockerfile, "data/file": "inside\n"])
        try Data(Self.outside.utf8).write(to: bench.folder.appendingPathComponent("outside"))
        try Command.shell(
            """
            cd "$1"
            ln -s ../outside relative; ln -s "$2/outside" absolute; ln -s .. up
            ln -s ../../outside data/relative; ln -s "$2/outside" data/absolute; ln -s / data/root
            """,
            context.path,
            bench.folder.path
        )
        return context
    }

    @Test(
        arguments: [
            "COPY relative /x", "COPY absolute /x", "COPY up/outside /x", "COPY data/root/etc/passwd /x",
            "COPY ../outside /x", "COPY data/../../outside /x", "COPY /../outside /x", "ADD relative /x",
            "COPY data/relative /x", "COPY --from=busybox /../../outside /x",
        ]
    )
    func nothingOutsideOfTheContextIsCopied(_ line: String) throws {
        try Workbench.run { bench in
            let context = try makeContext(bench, "FROM scratch\n\(line)\n")
            let built = try bench.build(context, "-o", bench.path("root"))
            #expect(built.status == 1)
            #expect(built.failure.contains("Dockerfile:2:1: error: "), "\(built.errors)")
            #expect(built.failure.contains("not found"), "\(built.errors)")
            #expect(try Command.run("grep", "--recursive", Self.outside, bench.state.path).status == 1)
        }
    }

    @Test func linksInsideOfAFolderAreCopiedAsLinks() throws {
        try Workbench.run { bench in
            let context = try makeContext(bench, "FROM scratch\nCOPY data /data\n")
            _ = try bench.expectBuild(context, "-o", bench.path("root"))
            let manager = FileManager.default
            #expect(try manager.destinationOfSymbolicLink(atPath: bench.path("root/data/relative")) == "../../outside")
            #expect(try manager.destinationOfSymbolicLink(atPath: bench.path("root/data/root")) == "/")
            #expect(try Command.run("grep", "--recursive", Self.outside, bench.state.path).status == 1)
        }
    }

    @Test func aLinkOfTheImageDoesNotLeadACopyOutOfIt() throws {
        try Workbench.run { bench in
            let target = bench.path("target")
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                RUN ln -s \(target) /absolute && ln -s ../../../../../..\(target) /relative
                COPY file /absolute/one
                COPY file /relative/two
                WORKDIR /absolute/three
                RUN touch /relative/four
                """,
                "file": "file\n",
            ])
            let built = try bench.build(context)
            // The last RUN fails or not, as its link leads nowhere or to what COPY made.
            #expect(built.steps["COPY file /absolute/one"] == "DONE", "\(built.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: target) == [])
        }
    }

    @Test func anExportDoesNotFollowLinksOfItsFolder() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM scratch\nCOPY data /data\n", "data/file": "new\n"])
            try Command.shell(
                "mkdir \"$1/victim\" \"$1/root\"; echo old > \"$1/victim/file\"; ln -s ../victim \"$1/root/data\"",
                bench.folder.path
            )
            _ = try bench.build(context, "-o", bench.path("root"))
            #expect(try String(contentsOfFile: bench.path("victim/file"), encoding: .utf8) == "old\n")
        }
    }

    @Test func namesThatAreNotTextSurvive() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": #"""
                FROM busybox
                COPY odd /odd
                RUN test -e "$(printf '/odd/a\nb')" && test -e "$(printf '/odd/\377\376')" && mv /odd /even
                """#
            ])
            try Command.shell(
                #"mkdir "$1/odd"; cd "$1/odd"; touch -- "$(printf 'a\nb')" "$(printf '\377\376')" ' ' '-rf' '*' "$(printf 'a\033[2J')""#,
                context.path
            )
            _ = try bench.expectBuild(context, "-o", bench.path("root"))
            let compared = try Command.shell(
                "diff --recursive \"$1\" \"$2\" && ls -A \"$2\" | wc -l",
                context.path + "/odd",
                bench.path("root/even")
            )
            #expect(compared.status == 0, "\(compared.text)\(compared.errors)")
            #expect(compared.digest == "7", "six names, one of two lines")
        }
    }

    @Test func aNameTooLongIsAnErrorAtItsLine() throws {
        try Workbench.run { bench in
            let long = String(repeating: "n", count: 300)
            for line in [
                "COPY Dockerfile /\(long)", "COPY \(long) /x", "WORKDIR /\(long)", "COPY Dockerfile /\(long)/x",
            ] {
                let context = try bench.context(["Dockerfile": "FROM busybox\n\(line)\nRUN true\n"])
                let built = try bench.build(context)
                #expect(built.status == 1)
                #expect(built.failure.contains("Dockerfile:2:1: error: "), "\(built.errors)")
                #expect(built.failure.contains("file name too long"), "\(built.errors)")
            }
        }
    }

    @Test func aFifoIsCopiedAsOne() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nCOPY data /data\nRUN test -p /data/fifo\n"])
            try Command.shell(
                "mkdir \"$1/data\"; mkfifo \"$1/data/fifo\"",
                context.path
            )
            let build = try bench.slipway.start(["build", "--progress", "plain", context.path])
            let built = try build.wait(seconds: 30)
            #expect(built.status == 0, "\(built.errors)")
        }
    }

    @Test func aSecretIsSeenByItsCommandAndNowhereElse() throws {
        try Workbench.run { bench in
            let secret = "secret-\(UUID().uuidString)"
            let file = bench.folder.appendingPathComponent("token")
            try Data("\(secret)\n".utf8).write(to: file)
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox
                RUN --mount=type=secret,id=token,target=/token test "$(cut -c 1-7 /token)" = secret- && cp -r /etc /copy
                RUN --mount=type=secret,id=word,env=WORD test -n "$WORD" && env | grep -v ^WORD > /environment
                RUN test ! -e /token && test -z "$WORD" && test ! -e /run/secrets/token
                """
            ])
            var slipway = bench.slipway
            slipway.environment = ["THE_WORD": secret]
            let archive = bench.folder.appendingPathComponent("image.tar")
            let built = try slipway.run(
                "build",
                "--progress",
                "plain",
                "--secret",
                "id=token,src=\(file.path)",
                "--secret",
                "id=word,env=THE_WORD",
                "-o",
                "type=oci,dest=\(archive.path)",
                context.path
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(!built.errors.contains(secret))
            let layout = try ImageLayout(archive: archive)
            let found = try Command.shell(
                """
                for blob in "$1"/blobs/sha256/*; do gzip --decompress --stdout --force "$blob"; done | grep --text --count "$2" || true
                grep --recursive --text --count "$2" "$3" | grep -v :0 || true
                """,
                layout.folder.path,
                secret,
                bench.state.path
            )
            #expect(found.digest == "0", "\(found.text)\(found.errors)")
            // Nor is it part of a step's key: another secret is a hit.
            try Data("secret-other\n".utf8).write(to: file)
            let again = try slipway.run(
                "build",
                "--progress",
                "plain",
                "--secret",
                "id=token,src=\(file.path)",
                "--secret",
                "id=word,env=THE_WORD",
                context.path
            )
            #expect(again.steps.values.allSatisfy { $0 != "ERROR" } && again.digest == built.digest, "\(again.errors)")
        }
    }
}
