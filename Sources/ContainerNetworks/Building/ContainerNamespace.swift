import Synchronization

/// A network namespace that is ready for one container: `lo` and `eth0` are up, with an address and a default route.
///
/// It lives as long as this object or a process in it. Some time after that, the kernel removes it and the link to it.
package final class ContainerNamespace: Sendable {
    /// The address of `eth0`.
    package let address: IPv4Address

    private let namespace: NamespaceHandle
    private let retired: RetiredNamespaces

    init(_ namespace: NamespaceHandle, address: IPv4Address, retired: RetiredNamespaces) {
        self.namespace = namespace
        self.address = address
        self.retired = retired
    }

    deinit {
        retired.add(namespace)
    }

    /// What `setns(2)` takes; borrowed, valid as long as this object.
    package var descriptor: CInt { namespace.descriptor }
}

/// Namespaces that nobody uses any more, until there are enough of them.
///
/// While the kernel removes namespaces, nobody can make or change one for milliseconds; for many at once it takes hardly
/// longer than for one.
final class RetiredNamespaces: Sendable {
    private static let limit = 16

    private let namespaces = Mutex<[NamespaceHandle]>([])

    func add(_ namespace: NamespaceHandle) {
        let released = namespaces.withLock { namespaces in
            namespaces.append(namespace)
            guard namespaces.count >= Self.limit else { return [NamespaceHandle]() }
            defer { namespaces = [] }
            return namespaces
        }
        // Closed here and not while others wait for the lock.
        withExtendedLifetime(released) {}
    }
}
