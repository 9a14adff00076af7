import Foundation
import TestSupport
import Testing

/// A store that holds the small base image, and a folder to build in.
struct Workbench {
    /// Whether builds are possible here.
    static let isUsable = getuid() == 0 && Bases.busybox != nil

    static let reason: Comment = "needs root and busybox-static"

    /// Where the test puts its files.
    let folder: URL
    var slipway: SlipwayProgram

    /// Gives the body a store of its own, and expects that nothing of its builds is left after it.
    static func run(sourceLocation: SourceLocation = #_sourceLocation, _ body: (Workbench) throws -> Void) throws {
        let temporary = try TemporaryFolder()
        let before = HostState()
        let state = temporary.url.appendingPathComponent("state")
        let bench = Workbench(folder: temporary.url, slipway: SlipwayProgram(state: state))
        try Bases.load("busybox", into: bench.slipway)
        defer { before.expectUnchanged(state, sourceLocation: sourceLocation) }
        try body(bench)
    }

    /// The state directory.
    var state: URL { slipway.state }

    /// Makes a context of the files, `Dockerfile` among them, or adds them to it.
    @discardableResult
    func context(_ files: [String: String], named name: String = "context") throws -> URL {
        let context = folder.appendingPathComponent(name)
        for (path, content) in files {
            let file = context.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(content.utf8).write(to: file)
        }
        return context
    }

    /// Builds a context with plain progress.
    func build(_ context: URL, _ arguments: String...) throws -> Outcome {
        try build(context, arguments: arguments)
    }

    /// Builds a context with plain progress.
    func build(_ context: URL, arguments: [String]) throws -> Outcome {
        try slipway.run(["build", "--progress", "plain"] + arguments + [context.path])
    }

    /// Builds a context, which must work.
    func expectBuild(
        _ context: URL,
        _ arguments: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let built = try build(context, arguments: arguments)
        #expect(built.status == 0, "\(built.errors)", sourceLocation: sourceLocation)
        return built
    }

    /// The path of a file of the test.
    func path(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }
}
