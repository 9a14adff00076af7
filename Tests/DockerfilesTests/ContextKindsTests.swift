import Foundation
import TestSupport
import Testing

/// What holds for contexts of every kind.
@Suite(
    .serialized,
    .enabled(if: Workbench.isUsable, Workbench.reason),
    .enabled(if: ContextServer.isUsable, "needs git")
)
struct ContextKindsTests {
    @Test func theTimeOfAContextIsTheImages() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try bench.archivableContext("ARG SOURCE_DATE_EPOCH\nFROM busybox\nRUN touch /x\n")
            let archive = try bench.pack(context)
            try FileManager.default.copyItem(at: archive, to: server.folder.appendingPathComponent("c.tar"))
            try Command.shell("touch -d @1100000000 \"$1\"", server.folder.appendingPathComponent("c.tar").path)
            try server.repository("c", "cp -a '\(context.path)/.' .")
            let argument = ["--build-arg", "SOURCE_DATE_EPOCH=context"]
            _ = try bench.expectBuildOf(argument + ["-t", "tar", "-"], input: archive)
            #expect(try bench.created("tar").contains("2001-09-09T01:46:40Z"))
            _ = try bench.expectBuildOf(["--source-date-epoch", "context", "-t", "http", server.url("c.tar")])
            #expect(try bench.created("http").contains("2004-11-09T11:33:20Z"))
            _ = try bench.expectBuildOf(argument + ["-t", "git", server.url("c.git")])
            #expect(try bench.created("git").contains("2001-09-09T01:46:40Z"))
            _ = try bench.expectBuildOf(argument + ["-t", "local", context.path])
        }
    }

    @Test func aDockerfileOfAnyContextIsLookedOver() throws {
        try Workbench.run { bench in
            let server = try ContextServer(bench.folder.appendingPathComponent("www"))
            let context = try bench.archivableContext("FROM busybox AS app\nARG VERSION=1\nCOPY hidden /\nWORKDIR x\n")
            let archive = try bench.pack(context)
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
