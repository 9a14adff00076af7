import BuildInterface
import BuildPlanning
import ByteStrings
import FileModel
import LinuxSystem
import Synchronization
import SystemPackage

/// The socket by which one command asks an ssh agent of the host, there for as long as the command runs.
///
/// The command never gets the agent's own socket. That one lets in its owner alone, and whoever is in could add keys,
/// lock the agent or learn more of the host. Here the command's user is let in as the mount says, and an
/// ``AgentConversation`` passes on what only lists keys and signs.
final class AgentSocket: Sendable {
    /// Where the socket is on the host.
    let path: ByteString
    private let server: AgentServer

    /// Listens in the command's folder.
    ///
    /// - Throws: `SolveFailure` when the agent has no socket.
    init(for agent: BuildSSHAgent, as mount: SSHMount, in folder: CommandFolder) throws {
        switch try FileStatus.at(hostPath: agent.socket, followingLinks: true)?.kind {
        case .socket?: break
        case nil:
            throw SolveFailure(
                "the ssh agent `\(agent.id)` has no socket at `\(agent.socket)`",
                hint: "start one with `eval $(ssh-agent)` and pass its $SSH_AUTH_SOCK"
            )
        case .some:
            throw SolveFailure(
                "`\(agent.socket)`, given for the ssh agent `\(agent.id)`, is no socket of an agent",
                hint:
                    "slipway reads no keys: add them to an ssh-agent with `ssh-add \(agent.socket)`, and pass its socket"
            )
        }
        let name = folder.makeName("agent")
        let directory = try folder.open()
        let listener = Listener(try LocalSocket.listen(as: name, in: directory))
        try directory.setOwner(mount.owner, mount.group, of: name)
        try directory.setPermissions(mount.permissions, of: name)
        path = folder.path.appendingPath(name)
        let server = try AgentServer(agent: agent.socket)
        self.server = server
        Task { try? await BlockingThread.run { try server.serve(listener) } }
    }

    deinit {
        stop()
    }

    /// Ends every conversation; further calls do nothing.
    func stop() {
        server.stop()
    }
}

/// The listening end, which goes with the thread that accepts: whoever still waits there then is sent away.
private final class Listener: Sendable {
    let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }
}

/// Accepts connections until it is stopped.
private final class AgentServer: Sendable {
    private let agent: ByteString
    private let stopping: Pipe
    private let isStopped = Atomic<Bool>(false)
    private let conversations = Atomic<Int>(0)

    /// A command with more connections at once has the rest closed.
    private static let mostConversations = 32

    init(agent: ByteString) throws {
        self.agent = agent
        stopping = try OwnedDescriptor.makePipe()
    }

    /// Ends every conversation; further calls do nothing.
    func stop() {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // An empty pipe takes a byte, and nobody reads it: it stays readable for all who wait.
        try? stopping.writeEnd.write([0])
    }

    func serve(_ listener: Listener) throws {
        BlockingThread.name("ssh-agent")
        while true {
            let ready = try Poller.wait([stopping.readEnd.rawValue, listener.descriptor.rawValue])
            if ready.contains(stopping.readEnd.rawValue) { return }
            do {
                try start(LocalSocket.accept(from: listener.descriptor))
            } catch let error as SystemError {
                // A connection that was given up meanwhile is no reason to stop listening.
                guard [.connectionAbort, .resourceTemporarilyUnavailable].contains(error.errno) else { throw error }
            }
        }
    }

    private func start(_ client: consuming OwnedDescriptor) throws {
        guard conversations.load(ordering: .relaxed) < Self.mostConversations else { return }
        conversations.add(1, ordering: .relaxed)
        let conversation = AgentConversation(client, agent: agent)
        Task {
            try? await BlockingThread.run { try conversation.run(until: self.stopping.readEnd.rawValue) }
            self.conversations.subtract(1, ordering: .relaxed)
        }
    }
}
