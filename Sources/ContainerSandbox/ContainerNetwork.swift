/// What a container sees of the network.
package enum ContainerNetwork: Hashable, Sendable {
    /// A loopback interface of its own and nothing else.
    case none

    /// The interfaces of the host.
    case host

    /// A network namespace that is ready for use, by its descriptor: borrowed, and open as long as the container starts.
    case joined(CInt)

    /// Whether the container has interfaces of its own.
    var isIsolated: Bool { self != .host }
}
