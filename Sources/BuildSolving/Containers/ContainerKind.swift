import BuildPlanning

/// What tells the containers of a build apart before their commands are known.
struct ContainerKind: Hashable, Sendable {
    let network: NetworkMode
    let isInsecure: Bool

    init(_ exec: ExecOperation) {
        network = exec.network
        isInsecure = exec.isInsecure
    }
}
