/// The network a build gives its RUN steps.
package enum RequestedNetwork: String, Hashable, Sendable, CaseIterable {
    /// A loopback interface and nothing else.
    case none

    /// The network of the host.
    case host
}
