import Foundation

/// Runs programs of the host.
enum Command {
    /// The program's full path, looked for where administrators' programs are too; nil when it is not installed.
    static func path(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/local/sbin", "/usr/sbin", "/sbin"]).map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func exists(_ name: String) -> Bool {
        path(name) != nil
    }

    /// Runs a program to its end.
    static func run(_ arguments: String..., seconds: Double = 240) throws -> Outcome {
        var arguments = arguments
        arguments[0] = path(arguments[0]) ?? arguments[0]
        return try RunningCommand(arguments).wait(seconds: seconds)
    }

    /// A script of a test that does not work here.
    struct Failed: Error {
        let script: String
        let errors: String
    }

    /// Runs lines of a shell, which sees the other arguments as `$1` and so on, and stops at the first that fails.
    @discardableResult
    static func shell(_ script: String, _ arguments: String...) throws -> Outcome {
        let ended = try RunningCommand(["/bin/sh", "-euc", script, "sh"] + arguments).wait()
        guard ended.status == 0 else { throw Failed(script: script, errors: ended.text + ended.errors) }
        return ended
    }
}
