import LinuxSystem
import Synchronization

/// The network of one build: isolated from other builds, with a way out under the host's address.
///
/// It is a private subnet behind an interface of the host, IPv4 only. Nothing is made before ``prepare()`` or the first
/// question. Namespaces for containers are made ahead, on a thread of the network. After ``close()`` nothing is left.
/// All calls are safe from any thread; those that say so block, and want a thread of ``BlockingThread``.
package final class BuildNetwork: Sendable {
    private let worker: NetworkWorker
    private let thread = Mutex<NamespaceThread?>(nil)

    /// The subnet will hold none of `addresses`, such as those of the host's name servers.
    package convenience init(avoiding addresses: [IPv4Address] = []) {
        self.init(avoiding: addresses, usingBridge: false)
    }

    init(avoiding addresses: [IPv4Address] = [], usingBridge: Bool) {
        worker = NetworkWorker(avoiding: addresses, usingBridge: usingBridge)
    }

    /// Starts to make the network and a namespace, and does not wait for them.
    ///
    /// A failure is told to whoever asks for a namespace.
    package func prepare() {
        guard let thread = try? startedThread() else { return }
        let worker = worker
        thread.post { worker.refill() }
    }

    /// A namespace for one container, which nobody had before; blocks while none is ready.
    ///
    /// Then another is made for whoever comes next, unless `isLast` says that nobody does. Hold on to the result until
    /// the container's first process has entered it.
    package func namespace(isLast: Bool = false) throws(NetworkError) -> ContainerNamespace {
        let worker = worker
        let thread = try startedThread()
        let ready = worker.takeReady()
        let taken: ContainerNamespace
        if let ready { taken = ready } else { taken = try take(worker, thread) }
        if !isLast { thread.post { worker.refill() } }
        return taken
    }

    private func take(_ worker: NetworkWorker, _ thread: NamespaceThread) throws(NetworkError) -> ContainerNamespace {
        try thread.run { () throws(NetworkError) in try worker.take() }
    }

    /// The host's address in the network; blocks until the network exists.
    package func gateway() throws(NetworkError) -> IPv4Address {
        let worker = worker
        return try startedThread().run { () throws(NetworkError) in try worker.installation().gateway }
    }

    /// The addresses of the network; blocks until the network exists.
    package func subnet() throws(NetworkError) -> IPv4Subnet {
        let worker = worker
        return try startedThread().run { () throws(NetworkError) in try worker.installation().subnet }
    }

    /// Removes everything; containers that still run lose their links.
    ///
    /// Blocks; further calls do nothing. The same happens, without a word about failures, when the object goes away.
    package func close() throws(NetworkError) {
        let worker = worker
        let last = thread.withLock { $0.take() }
        guard let last else { return worker.forbid() }
        defer { last.post { worker.release() } }
        try last.run { () throws(NetworkError) in try worker.close() }
    }

    /// Removes what networks of dead processes left, as every new network does first.
    ///
    /// Blocks. Without the permission to configure networks it throws ``NetworkError/notPermitted``.
    package static func sweep() throws(NetworkError) {
        let host = try NetworkHost()
        try NetworkSweep(route: host.route, filter: host.filter).sweep(links: host.routes.links.map(\.name))
        try HostForwarding(route: host.route, filter: host.filter).restore()
    }

    private func startedThread() throws(NetworkError) -> NamespaceThread {
        if worker.isClosed { throw .closed }
        do throws(SystemError) {
            return try thread.withLock { (thread) throws(SystemError) in
                if let thread { return thread }
                let started = try NamespaceThread(name: "build-network")
                thread = started
                return started
            }
        } catch {
            throw .from(error)
        }
    }
}
