import Foundation
import TestSupport

/// The program under test, run as a user runs it.
struct SlipwayProgram: Sendable {
    /// The binary that was built together with these tests.
    static let binary: URL = {
        var folder = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
        let manager = FileManager.default
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("slipway")
            if manager.isExecutableFile(atPath: candidate.path),
                manager.isExecutableFile(atPath: folder.appendingPathComponent("slipway-init").path)
            {
                return candidate
            }
            folder.deleteLastPathComponent()
        }
        return Testdata.repository.appendingPathComponent(".build/debug/slipway")
    }()

    /// Where its images are; a folder of its own for each test.
    let state: URL
    var environment: [String: String] = [:]
    var directory: URL?

    /// The file creation mask it starts with; nil for the one of the tests.
    var mask: String?

    /// Runs `slipway ARGUMENTS --root STATE` to its end.
    func run(_ arguments: String...) throws -> Outcome {
        try run(arguments)
    }

    /// Runs `slipway ARGUMENTS --root STATE` to its end, with a file as its standard input.
    func run(_ arguments: [String], input: URL? = nil) throws -> Outcome {
        try start(arguments, input: input).wait()
    }

    /// Starts `slipway ARGUMENTS --root STATE`.
    func start(_ arguments: [String], input: URL? = nil) throws -> RunningCommand {
        var words = [Self.binary.path, arguments[0], "--root", state.path] + arguments.dropFirst()
        if let mask { words = ["/bin/sh", "-c", "umask \(mask); exec \"$@\"", "sh"] + words }
        return try RunningCommand(
            words,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
            directory: directory,
            input: input
        )
    }
}
