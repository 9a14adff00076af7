import ByteStrings
import ContainerNetworks
import ContainerSandbox
import LinuxSystem
import Synchronization

/// The network that the commands of one build share, when they do not ask for another.
///
/// Nothing is made before a command is about to need it. Root's is a switch of the build's own; an ordinary user has a
/// program carry the packets of each command.
final class StepNetworks: Sendable {
    private let shared: Mutex<BuildNetwork?>

    init() {
        shared = Mutex(nil)
    }

    /// Begins to make what the first command will need; does not wait for it.
    func prepare() {
        guard UserNamespace.current.isInitial else { return }
        network().prepare()
    }

    /// A network for one command; blocks until it is ready.
    ///
    /// - Throws: `NetworkError`, `UserModeNetworkError` with the reason and the flags that do without.
    func enter() throws -> StepNetwork {
        guard UserNamespace.current.isInitial else { return StepNetwork(try UserModeNetwork.start()) }
        let network = network()
        return StepNetwork(try network.namespace(), gateway: try network.gateway())
    }

    /// Takes away what was made.
    ///
    /// Blocks. Nothing may run in the network any more.
    func close() throws {
        let network = shared.withLock { shared in
            defer { shared = nil }
            return shared
        }
        try network?.close()
    }

    private func network() -> BuildNetwork {
        shared.withLock { shared in
            if let network = shared { return network }
            let network = BuildNetwork(avoiding: Self.nameServers())
            shared = network
            return network
        }
    }

    /// The servers that the host asks for names: a network over their addresses would hide them.
    private static func nameServers() -> [IPv4Address] {
        guard let host = try? GeneratedFiles.hostResolver() else { return [] }
        return ResolvConf.servers(host).compactMap { IPv4Address($0) }
    }
}
