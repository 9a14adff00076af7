/// What a container sees of the network.
package enum ContainerNetwork: Hashable, Sendable, CaseIterable {
    /// A loopback interface of its own and nothing else.
    case none

    /// The interfaces of the host.
    case host
}
