import CLinuxSystem

/// The namespaces that a new process does not share with its parent.
///
/// Source: `namespaces(7)`.
package struct NamespaceFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static let mount = NamespaceFlags(rawValue: slipway_clone_newns)
    package static let processes = NamespaceFlags(rawValue: slipway_clone_newpid)
    package static let network = NamespaceFlags(rawValue: slipway_clone_newnet)
    package static let messages = NamespaceFlags(rawValue: slipway_clone_newipc)
    package static let hostName = NamespaceFlags(rawValue: slipway_clone_newuts)
    package static let controlGroup = NamespaceFlags(rawValue: slipway_clone_newcgroup)
    package static let user = NamespaceFlags(rawValue: slipway_clone_newuser)
}
