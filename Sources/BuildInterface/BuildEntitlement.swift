/// A privilege that `--allow` grants to the RUN steps of a build.
package enum BuildEntitlement: String, Hashable, Sendable, CaseIterable {
    case networkHost = "network.host"
    case securityInsecure = "security.insecure"
}
