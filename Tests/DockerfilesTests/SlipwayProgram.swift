import Foundation
import TestSupport

/// The program under test, run as a user runs it.
struct SlipwayProgram {
    struct Outcome {
        let status: Int32
        let output: Data
        let errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
    }

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

    /// Runs `slipway ARGUMENTS --root STATE` to its end.
    func run(_ arguments: String...) throws -> Outcome {
        try run(arguments)
    }

    /// Runs `slipway ARGUMENTS --root STATE` to its end.
    func run(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = Self.binary
        process.arguments = [arguments[0], "--root", state.path] + arguments.dropFirst()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = directory
        return try Command.finish(process)
    }
}

/// Runs programs of the host.
enum Command {
    /// Whether a program is on the PATH.
    static func exists(_ name: String) -> Bool {
        (try? run("/bin/sh", "-c", "command -v \(name)").status) == 0
    }

    /// Runs a program to its end.
    static func run(_ arguments: String...) throws -> SlipwayProgram.Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: arguments[0])
        process.arguments = Array(arguments.dropFirst())
        return try finish(process)
    }

    static func finish(_ process: Process) throws -> SlipwayProgram.Outcome {
        // Files instead of pipes: no reader has to keep up, and nothing blocks.
        let folder = try TemporaryFolder()
        let output = folder.url.appendingPathComponent("out")
        let errors = folder.url.appendingPathComponent("err")
        for file in [output, errors] { FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardInput = process.standardInput is Pipe ? process.standardInput : FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return SlipwayProgram.Outcome(
            status: process.terminationReason == .uncaughtSignal
                ? 128 + process.terminationStatus : process.terminationStatus,
            output: try Data(contentsOf: output),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        )
    }
}
