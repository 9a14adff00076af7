import ByteStrings
import CLinuxSystem

/// Network namespaces of threads.
///
/// Source: `network_namespaces(7)`, `setns(2)`.
package enum NetworkNamespace {
    /// A descriptor of the namespace of the calling thread, which lives as long as somebody has one.
    package static func current() throws(SystemError) -> OwnedDescriptor {
        try OwnedDescriptor.openFile("/proc/thread-self/ns/net", .readOnly)
    }

    /// Moves the calling thread to a new namespace, where every interface is down.
    ///
    /// Do so only on a thread that nobody else uses: ``NamespaceThread``.
    package static func makeCurrent() throws(SystemError) {
        try systemCall("make a network namespace") { slipway_new_network_namespace() }
    }

    /// Moves the calling thread to a namespace.
    package static func enter(_ namespace: borrowing OwnedDescriptor) throws(SystemError) {
        let descriptor = namespace.rawValue
        try systemCall("enter a network namespace") { slipway_enter_network_namespace(descriptor) }
    }
}
