import ArgumentParser
import BuildInterface
import LinuxSystem

/// Runs the body of a command that prints one text, and turns its errors into messages and exit statuses.
enum CommandOutput {
    /// Prints what `body` returns to standard output.
    static func run(_ body: () throws -> String) throws {
        try StandardStreams.write(to: .output, try value(body))
    }

    /// Prints what `body` returns to standard output; a signal stops it.
    static func run(_ body: @escaping @Sendable () async throws -> String) async throws {
        try StandardStreams.write(to: .output, try await value(body))
    }

    /// What `body` returns, for a command that says more with its exit status; a signal stops it.
    static func value<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        do {
            return try await InterruptibleWork.run(body)
        } catch {
            throw report(error)
        }
    }

    /// The same for what takes no time.
    static func value<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw report(error)
        }
    }

    private static func report(_ error: any Error) -> any Error {
        switch error {
        case is ValidationError, is ExitCode, is CleanExit: return error
        case let interruption as Interruption: return ExitCode(128 + interruption.signal.rawValue)
        case let failure as BuildFailure:
            FailurePrinter(terminal: Terminal(descriptor: 2, environment: Host.environment)).show(failure)
            return ExitCode(failure.kind.exitStatus)
        default:
            try? StandardStreams.write(to: .error, "error: \(error)\n")
            return ExitCode(1)
        }
    }
}
