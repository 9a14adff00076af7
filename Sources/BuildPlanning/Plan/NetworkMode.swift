/// The network of one RUN step.
package enum NetworkMode: String, Hashable, Sendable, CaseIterable {
    /// Whatever the engine gives steps that do not say.
    case `default`

    /// A loopback interface and nothing else.
    case none

    /// The network of the host.
    case host
}
