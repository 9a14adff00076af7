import BuildContexts
import BuildInterface
import BuildPlanning
import ByteStrings
import ContentStorage
import FileModel
import Foundation
import LinuxSystem
import Synchronization
import Testing

@testable import BuildSolving

@Suite struct AgentSocketTests {
    /// An agent that answers every message with its type and body.
    private final class EchoAgent: Sendable {
        let path: ByteString
        let asked = Mutex<[UInt8]>([])
        private let listener: OwnedDescriptor

        init(_ fixture: SolverFixture) throws {
            let folder = try OwnedDescriptor.openDirectory(fixture.contextPath)
            listener = try LocalSocket.listen(as: "agent", in: folder)
            path = fixture.contextPath.appendingPath("agent")
            Task { try? await BlockingThread.run { try self.serve() } }
        }

        private func serve() throws {
            while true {
                _ = try Poller.wait([listener.rawValue])
                let client = try LocalSocket.accept(from: listener)
                while let message = try Self.message(from: client) {
                    asked.withLock { $0.append(message[4]) }
                    try client.write(message)
                }
            }
        }

        static func message(from socket: borrowing OwnedDescriptor) throws -> [UInt8]? {
            var bytes: [UInt8] = []
            var wanted = 4
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
            defer { buffer.deallocate() }
            while bytes.count < wanted {
                let rest = min(buffer.count, wanted - bytes.count)
                let count = try socket.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<rest]))
                if count == 0 { return nil }
                bytes += buffer[..<count]
                if bytes.count == 4 { wanted += bytes.reduce(0) { $0 << 8 | Int($1) } }
            }
            return bytes
        }
    }

    private static func frame(_ body: [UInt8]) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) } + body
    }

    private static let refusal: [UInt8] = [0, 0, 0, 1, 5]

    /// Sends one message and reads one, on a thread where waiting is no harm.
    private func ask(_ path: ByteString, _ message: [UInt8]) async throws -> [UInt8]? {
        try await BlockingThread.run {
            let socket = try LocalSocket.connect(to: path)
            try socket.write(message)
            return try EchoAgent.message(from: socket)
        }
    }

    @Test func listsAndSignaturesArePassedOnAndNothingElse() async throws {
        let fixture = try SolverFixture()
        let agent = try EchoAgent(fixture)
        let folder = CommandFolder(fixture.session)
        let socket = try AgentSocket(for: BuildSSHAgent(id: "default", socket: agent.path), as: SSHMount(), in: folder)
        for type in UInt8(0)...40 {
            let message = Self.frame([type] + Array(repeating: 7, count: Int(type) * 100))
            let isAllowed = type == 11 || type == 13
            #expect(try await ask(socket.path, message) == (isAllowed ? message : Self.refusal), "\(type)")
        }
        #expect(agent.asked.withLock { $0 } == [11, 13])
        socket.stop()
    }

    @Test func largeMessagesPassAndEndlessOnesEndTheConversation() async throws {
        let fixture = try SolverFixture()
        let agent = try EchoAgent(fixture)
        let folder = CommandFolder(fixture.session)
        let socket = try AgentSocket(for: BuildSSHAgent(id: "default", socket: agent.path), as: SSHMount(), in: folder)
        let large = Self.frame([13] + Array(repeating: 1, count: 100_000))
        #expect(try await ask(socket.path, large) == large)
        // The connection is closed, or reset when the rest of the message was never read.
        #expect(((try? await ask(socket.path, [0xff, 0xff, 0xff, 0xff, 13])) ?? nil) == nil)
        #expect(((try? await ask(socket.path, [0, 0, 0, 0])) ?? nil) == nil)
        socket.stop()
    }

    @Test func stoppingEndsConversationsThatWait() async throws {
        let fixture = try SolverFixture()
        let agent = try EchoAgent(fixture)
        let folder = CommandFolder(fixture.session)
        let socket = try AgentSocket(for: BuildSSHAgent(id: "default", socket: agent.path), as: SSHMount(), in: folder)
        let path = socket.path
        let waiting = Task {
            try await BlockingThread.run {
                let client = try LocalSocket.connect(to: path)
                return try EchoAgent.message(from: client)
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        socket.stop()
        socket.stop()
        #expect(((try? await waiting.value) ?? nil) == nil)
        folder.remove()
        #expect(throws: SystemError.self) { try LocalSocket.connect(to: path).close() }
    }

    @Test func aKeyFileIsRefusedWithTheWayOut() throws {
        let fixture = try SolverFixture()
        try fixture.write("id_ed25519", "key")
        let folder = CommandFolder(fixture.session)
        for name in ["id_ed25519", "missing"] {
            let agent = BuildSSHAgent(id: "default", socket: fixture.contextPath.appendingPath(ByteString(name)))
            let error = #expect(throws: SolveFailure.self) { try AgentSocket(for: agent, as: SSHMount(), in: folder) }
            #expect(error?.hint?.contains("ssh-a") == true)
        }
        #expect(try fixture.names(in: fixture.session.path) == ["lock"])
    }

    @Test(.containers) func theCommandSeesASocketOfItsOwn() async throws {
        let fixture = try ExecFixture()
        let agent = try EchoAgent(fixture.solver)
        let target: ByteString = "/run/buildkit/ssh_agent.0"
        let look: ByteString = "echo $SSH_AUTH_SOCK; busybox stat -c '%F %a %u:%g' /run/buildkit/ssh_agent.0"
        let agents = [BuildSSHAgent(id: "default", socket: agent.path)]
        let owned = MountOperation.ssh(target) { ($0.permissions, $0.owner, $0.group) = (0o620, 1000, 7) }
        let solved = try await fixture.run(
            [.running(look, [owned]), .running("busybox test ! -e /run && echo \"[$SSH_AUTH_SOCK]\"")],
            agents: agents
        )
        #expect(fixture.text == "/run/buildkit/ssh_agent.0\nsocket 620 1000:7\n[]\n")
        #expect(try await solved.fileTree().status("run") == nil)
        try await fixture.run(
            [
                .running(
                    "echo $SSH_AUTH_SOCK",
                    [.ssh(target)],
                    environment: [EnvironmentVariable(name: "SSH_AUTH_SOCK", value: "/mine")]
                )
            ],
            agents: agents
        )
        #expect(fixture.text == "/mine\n")
    }

    @Test(.containers) func anAgentThatNobodyOffersMattersOnlyWhereItIsRequired() async throws {
        let fixture = try ExecFixture()
        try await fixture.run([.running("busybox test ! -e /s && echo $SSH_AUTH_SOCK", [.ssh("/s")])])
        #expect(fixture.text == "/s\n")
        let error = await #expect(throws: SolveError.self) {
            try await fixture.run([.running("true", [.ssh("/s") { $0.isRequired = true }])])
        }
        #expect(error?.hint?.contains("--ssh default") == true)
    }
}
