import Foundation
import TestSupport
import Testing

/// A docker of the test's own, that touches neither the network nor the host's images.
final class DockerDaemon {
    struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }

    private let folder: TemporaryFolder
    private let daemon: RunningCommand

    init() throws {
        guard let program = Command.path("dockerd") else { throw NotStarted(description: "it is not installed") }
        let folder = try TemporaryFolder()
        self.folder = folder
        func path(_ name: String) -> String { "\(folder.url.path)/\(name)" }
        daemon = try RunningCommand([
            program, "--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs",
            "--data-root", path("data"), "--exec-root", path("exec"), "--pidfile", path("pid"),
            "--host", "unix://\(path("socket"))",
        ])
        let answers = try Poll.until(seconds: 20) {
            try daemon.isRunning && run("version").status == 0 || !daemon.isRunning
        }
        guard answers, daemon.isRunning else {
            daemon.send(SIGKILL)
            throw NotStarted(description: daemon.errors.split(separator: "\n").last.map(String.init) ?? "no message")
        }
    }

    deinit {
        daemon.send(SIGTERM)
        _ = try? daemon.wait(seconds: 20)
    }

    func run(_ arguments: String...) throws -> Outcome {
        let program = try #require(Command.path("docker"))
        return try RunningCommand([program, "--host", "unix://\(folder.url.path)/socket"] + arguments).wait(seconds: 60)
    }
}
