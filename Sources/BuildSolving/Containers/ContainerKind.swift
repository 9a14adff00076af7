import BuildPlanning
import ByteStrings

/// What tells the containers of a build apart before their commands are known.
struct ContainerKind: Hashable, Sendable {
    let network: NetworkMode
    let isInsecure: Bool
    let hostName: ByteString?

    init(_ exec: ExecOperation) {
        network = exec.network
        isInsecure = exec.isInsecure
        hostName = exec.hostName
    }
}
