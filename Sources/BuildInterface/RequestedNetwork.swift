/// The network a build gives its RUN steps.
package enum RequestedNetwork: String, Hashable, Sendable, CaseIterable {
    /// A network of the build's own, with a way out through the host.
    case `default`

    /// A loopback interface and nothing else.
    case none

    /// The network of the host.
    case host
}
