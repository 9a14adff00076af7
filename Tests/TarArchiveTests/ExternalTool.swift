import Foundation
import TestSupport

/// A program of the machine that reads or writes what we write or read.
enum ExternalTool {
    /// Whether a program is on the search path.
    static func exists(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Runs a program with input from a file and returns what it wrote.
    static func run(_ arguments: [String], input: [UInt8] = []) throws -> (output: [UInt8], status: Int32) {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("input")
        try Data(input).write(to: file)
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
        process.inputFile = try FileHandle(forReadingFrom: file)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.discardsErrors = true
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (Array(output), process.terminationStatus)
    }

    static let python = ["python3", "-c"]
}
