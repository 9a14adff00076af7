import Foundation
import TestSupport

/// A program that was started, with what it writes going to files: no reader has to keep up, and nothing blocks.
///
/// It is spawned without Foundation's `Process`, which crashes now and then when several threads start programs.
final class RunningCommand: Sendable {
    /// The program was still there at the end of its time.
    struct Hung: Error {
        let arguments: [String]
        let errors: String
    }

    private let arguments: [String]
    private let folder: TemporaryFolder
    private let pid: pid_t
    private let ending = Ending()

    init(
        _ arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        directory: URL? = nil,
        input: URL? = nil
    ) throws {
        let arguments = directory.map { ["/usr/bin/env", "--chdir=\($0.path)"] + arguments } ?? arguments
        self.arguments = arguments
        let folder = try TemporaryFolder()
        self.folder = folder

        pid = try Spawning.start(arguments, environment: environment) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, input?.path ?? "/dev/null", O_RDONLY, 0)
            for (descriptor, name) in [(1, "out"), (2, "err")] as [(Int32, String)] {
                let path = folder.url.appendingPathComponent(name).path
                posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            }
        }
    }

    deinit {
        guard ending.status(of: pid) == nil else { return }
        kill(pid, SIGKILL)
        _ = Poll.until { ending.status(of: pid) != nil }
    }

    /// What it has written to standard error so far.
    var errors: String {
        let data = (try? Data(contentsOf: folder.url.appendingPathComponent("err"))) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    var isRunning: Bool { ending.status(of: pid) == nil }

    /// Whether it has come to where it catches SIGINT.
    var handlesSignals: Bool {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let masks = status.split(separator: "\n").filter { $0.hasPrefix("SigCgt:") || $0.hasPrefix("SigBlk:") }
        return masks.contains { line in
            let mask = UInt64(line.split(separator: "\t").last ?? "", radix: 16) ?? 0
            return mask & (1 << UInt64(SIGINT - 1)) != 0
        }
    }

    func send(_ signal: Int32) {
        kill(pid, signal)
    }

    /// Waits for its end, and kills it when that takes too long.
    func wait(seconds: Double = 240) throws -> Outcome {
        guard Poll.until(seconds: seconds, { ending.status(of: pid) != nil }), let status = ending.status(of: pid)
        else {
            send(SIGKILL)
            throw Hung(arguments: arguments, errors: errors)
        }
        return Outcome(
            status: status,
            output: try Data(contentsOf: folder.url.appendingPathComponent("out")),
            errors: errors
        )
    }
}

/// How a child ended, once it has.
private final class Ending: @unchecked Sendable {
    private let lock = NSLock()
    private var known: Int32?

    /// The exit status, or 128 and the number of the signal; nil while it runs.
    func status(of pid: pid_t) -> Int32? {
        lock.withLock {
            if let known { return known }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            known = Spawning.shellStatus(status)
            return known
        }
    }
}
