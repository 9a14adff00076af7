package import ByteStrings
import LinuxSystem

/// A network namespace for one container of an ordinary user, with a way out through a program of the same user.
///
/// It is an isolated network with name service; nothing of the host's listens in it. The program ends with this object,
/// and with the thread that started it.
package final class UserModeNetwork: Sendable {
    /// The address to ask for names; nil for the servers that the host asks.
    package let nameServer: ByteString?

    private let namespace: OwnedDescriptor

    /// Open as long as the program may write to the other end.
    private let output: OwnedDescriptor

    /// Killed when nobody refers to it any more.
    private let process: ProcessHandle

    /// What a program gets to be ready; some hang for ever on kernels that they do not know.
    private static let patience = Duration.seconds(5)

    /// What `setns(2)` takes; borrowed, valid as long as this object.
    package var descriptor: CInt { namespace.rawValue }

    /// Makes the namespace and waits until packets can leave it.
    ///
    /// Blocks; call it on the thread of ``BlockingThread`` that runs the container.
    package static func start(
        environment: [ByteString: ByteString] = Host.environment
    ) throws(UserModeNetworkError) -> UserModeNetwork {
        guard let program = UserModeProgram.find(environment: environment) else { throw .noProgram }
        let tunnel = try? FileStatus.at(hostPath: "/dev/net/tun", followingLinks: true)
        if tunnel == nil { throw .noTunnel(program.name) }
        return try start(program, patience: patience)
    }

    static func start(
        _ program: UserModeProgram,
        patience: Duration
    ) throws(UserModeNetworkError) -> UserModeNetwork {
        let started: (network: UserModeNetwork, outcome: Outcome, said: String)
        do throws(SystemError) {
            let ready = try OwnedDescriptor.makePipe()
            let network = try UserModeNetwork(program, ready: ready.writeEnd.rawValue)
            let outcome = try network.outcome(ready.readEnd, patience)
            started = (network, outcome, outcome == .hasEnded ? network.lastLine() : "")
        } catch {
            throw .system(error)
        }
        switch started.outcome {
        case .isReady: return started.network
        case .isLate: throw .late(program.name, patience)
        case .hasEnded: throw .ended(program.name, said: started.said)
        }
    }

    private init(_ program: UserModeProgram, ready: CInt) throws(SystemError) {
        nameServer = program.nameServer
        let said = try OwnedDescriptor.makePipe()
        try said.readEnd.setNonBlocking(true)
        // Nobody reads what it says later, which must not hold it up.
        try said.writeEnd.setNonBlocking(true)
        output = try said.readEnd.duplicate()
        namespace = try Self.makeNamespace()
        let input = try OwnedDescriptor.openFile("/dev/null", .readOnly)
        process = try ContainerProcess.spawn(
            executable: OwnedDescriptor.openFile(program.path, .readOnly),
            arguments: [program.name] + program.arguments,
            environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
            standardInput: input.rawValue,
            standardOutput: said.writeEnd.rawValue,
            standardError: said.writeEnd.rawValue,
            extraDescriptors: [namespace.rawValue, ready]
        )
    }

    private static func makeNamespace() throws(SystemError) -> OwnedDescriptor {
        // The thread stays in the namespace until it ends, and has nothing else to do.
        let thread = try NamespaceThread(name: "network")
        let descriptor = try thread.run { () throws(SystemError) in
            try NetworkNamespace.makeCurrent()
            return try NetworkNamespace.current().release()
        }
        return OwnedDescriptor(adopting: descriptor)
    }

    private enum Outcome {
        case isReady, isLate, hasEnded
    }

    private func outcome(_ signal: borrowing OwnedDescriptor, _ patience: Duration) throws(SystemError) -> Outcome {
        let changed = try Poller.wait([signal.rawValue, process.pidfd], timeout: patience)
        if changed.isEmpty { return .isLate }
        return changed.contains(process.pidfd) ? .hasEnded : .isReady
    }

    private func lastLine() -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { buffer.deallocate() }
        guard let count = try? output.read(into: buffer) else { return "" }
        let lines = buffer[..<count].split(separator: UInt8(ascii: "\n"))
        // A program says what went wrong before it says that it gives up.
        let telling = lines.first { ByteString($0).description.contains("/dev/net/tun") } ?? lines.last
        return telling.map { ByteString($0.filter { $0 >= 0x20 && $0 != 0x7F }).description } ?? ""
    }
}
