package import ByteStrings
import Glibc
import SystemPackage

/// A program of the host that is run to its end, and what it may take of time and memory.
///
/// It leads a session of its own, so that everything it starts can be ended with it.
package struct Command: Hashable, Sendable {
    /// The path of the file that is run, which may start with `#!`; no search path is looked at.
    package var program: ByteString

    /// What follows the program's own name.
    package var arguments: [ByteString]

    /// `NAME=value` each; nothing of this process's own is added.
    package var environment: [ByteString]

    /// What the program reads from its standard input.
    package var input: [UInt8] = []

    /// How long it may run; then it and everything in its session's first process group is killed.
    package var deadline: Duration = .seconds(600)

    /// The most bytes it may write to its standard output.
    package var outputLimit = 16 << 20

    /// How much of the end of what it writes to its standard error is kept.
    package var errorLimit = 64 << 10

    package init(_ program: ByteString, _ arguments: [ByteString], environment: [ByteString]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// Runs the program and waits for its end; a status other than 0 is no error here.
    ///
    /// Cancelling the task kills the program.
    ///
    /// - Throws: ``CommandError``, or `CancellationError`; no process of its group is left behind then.
    package func run() async throws -> CommandResult {
        let stop = try CommandStop()
        return try await withTaskCancellationHandler {
            try await BlockingThread.run { try run(until: stop) }
        } onCancel: {
            stop.request()
        }
    }

    /// Runs the program on the calling thread, which has to live for as long.
    func run(until stop: CommandStop) throws -> CommandResult {
        do {
            return try execute(until: stop)
        } catch let error as SystemError {
            throw CommandError.system(program, error)
        }
    }

    private func execute(until stop: CommandStop) throws -> CommandResult {
        let (outputReading, outputWriting) = try Pipe().release()
        let (errorReading, errorWriting) = try Pipe().release()
        let output = OwnedDescriptor(adopting: outputReading)
        let errors = OwnedDescriptor(adopting: errorReading)
        let process = try start(
            output: OwnedDescriptor(adopting: outputWriting),
            errors: OwnedDescriptor(adopting: errorWriting)
        )
        var streams = CommandStreams(output: output.rawValue, errors: errors.rawValue, command: self)
        do {
            try output.setNonBlocking(true)
            try errors.setNonBlocking(true)
            try streams.follow(process.pidfd, until: stop)
        } catch {
            Self.killGroup(process.pid)
            throw error
        }
        // The leader is gone but not yet waited for, so its number still means its group.
        Self.killGroup(process.pid)
        try streams.drain()
        let status = try process.wait()
        return CommandResult(status: status, output: streams.output, errors: streams.errors)
    }

    private func start(
        output: consuming OwnedDescriptor,
        errors: consuming OwnedDescriptor
    ) throws -> ProcessHandle {
        var file = try OwnedDescriptor.openFile(program, .readOnly)
        var words = [program] + arguments
        if let interpreter = try Self.interpreter(of: file) {
            words = interpreter + words
            file = try OwnedDescriptor.openFile(interpreter[0], .readOnly)
        }
        let standardInput =
            try input.isEmpty
            ? OwnedDescriptor.openFile("/dev/null", .readOnly) : MemoryFile.sealed(name: "input", bytes: input)
        return try ContainerProcess.spawn(
            executable: file,
            arguments: words,
            environment: environment,
            standardInput: standardInput.rawValue,
            standardOutput: output.rawValue,
            standardError: errors.rawValue
        )
    }

    /// The words of a script's first line, which the kernel could not open by descriptor.
    ///
    /// Source: `execve(2)`, "Interpreter scripts".
    private static func interpreter(of file: borrowing OwnedDescriptor) throws -> [ByteString]? {
        var start = [UInt8](repeating: 0, count: 256)
        let count = try start.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        guard count > 2, start[0] == UInt8(ascii: "#"), start[1] == UInt8(ascii: "!") else { return nil }
        let line = start[2..<count].prefix { $0 != UInt8(ascii: "\n") }
        let words = line.split(maxSplits: 1) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return words.isEmpty ? nil : words.map { ByteString($0) }
    }

    private static func killGroup(_ leader: Int32) {
        _ = Glibc.kill(-leader, SIGKILL)
    }
}
