import ByteStrings
import ContainerNetworks
import ContainerSandbox

/// The network of one command, as long as somebody holds it.
struct StepNetwork: Sendable {
    let network: ContainerNetwork

    /// The address by which the command reaches the host; nil where there is no way.
    let gateway: ByteString?

    /// The server to ask for names; nil for those of the host.
    let nameServer: ByteString?

    private let owner: (any Sendable)?

    /// The host's own network.
    static let host = StepNetwork(.host, gateway: "127.0.0.1")

    /// No network.
    static let none = StepNetwork(.none, gateway: nil)

    init(_ namespace: ContainerNamespace, gateway: IPv4Address) {
        network = .joined(namespace.descriptor)
        self.gateway = ByteString(gateway.description)
        nameServer = nil
        owner = namespace
    }

    init(_ program: UserModeNetwork) {
        network = .joined(program.descriptor)
        // What listens on the host is for the host alone where packets leave as the user's own.
        gateway = nil
        nameServer = program.nameServer
        owner = program
    }

    private init(_ network: ContainerNetwork, gateway: ByteString?) {
        self.network = network
        self.gateway = gateway
        nameServer = nil
        owner = nil
    }
}
