import ByteStrings
import LinuxSystem
import Synchronization

/// One connection of a command to an ssh agent.
///
/// Source: draft-miller-ssh-agent, section 3: each message is its length in four bytes, a type and a body; every request
/// has one reply, in order.
final class AgentConversation: Sendable {
    private let client: OwnedDescriptor
    private let agentPath: ByteString

    /// Longer messages end the conversation, as they do with OpenSSH's agent.
    private static let longestMessage = 256 << 10

    /// What a command may ask for: the list of keys, and a signature.
    private static let allowed: Set<UInt8> = [11, 13]

    /// The reply to everything else.
    private static let failure: [UInt8] = [0, 0, 0, 1, 5]

    init(_ client: consuming OwnedDescriptor, agent: ByteString) {
        self.client = client
        agentPath = agent
    }

    /// Answers until the command or the agent ends the conversation, or `stop` can be read.
    ///
    /// - Throws: `SystemError`, which ends the conversation as well.
    func run(until stop: CInt) throws {
        let agent = try LocalSocket.connect(to: agentPath)
        while let request = try Self.message(from: client, until: stop) {
            guard let type = request.dropFirst(4).first, Self.allowed.contains(type) else {
                try client.write(Self.failure)
                continue
            }
            try agent.write(request)
            guard let reply = try Self.message(from: agent, until: stop) else { return }
            try client.write(reply)
        }
    }

    /// The next message with its length in front; nil at the end, or when it is too long.
    private static func message(from socket: borrowing OwnedDescriptor, until stop: CInt) throws -> [UInt8]? {
        guard let header = try bytes(4, from: socket, until: stop) else { return nil }
        let length = header.reduce(0) { $0 << 8 | Int($1) }
        guard (1...longestMessage).contains(length), let body = try bytes(length, from: socket, until: stop) else {
            return nil
        }
        return header + body
    }

    private static func bytes(
        _ count: Int,
        from socket: borrowing OwnedDescriptor,
        until stop: CInt
    ) throws -> [UInt8]? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { buffer.deallocate() }
        var filled = 0
        while filled < count {
            let ready = try Poller.wait([stop, socket.rawValue])
            if ready.contains(stop) { return nil }
            let read = try socket.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if read == 0 { return nil }
            filled += read
        }
        return Array(buffer)
    }
}
