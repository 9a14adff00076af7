import Synchronization

/// What the thread of a network does; all of it there but for ``takeReady()`` and ``forbid()``.
final class NetworkWorker: Sendable {
    private enum Phase: Sendable {
        case unmade
        case made(NetworkInstallation)
        case failed(NetworkError)
        case closed
    }

    private let avoided: [IPv4Address]
    private let phase = Mutex<Phase>(.unmade)
    private let remains = Mutex<NetworkInstallation?>(nil)
    private let ready = Mutex<[ContainerNamespace]>([])

    /// The most namespaces that wait for a container.
    ///
    /// Making one takes less time than running the shortest command, but now and then the kernel is busy with others.
    private static let mostSpares = 4

    private let taken = Atomic<Int>(0)

    private let usesBridge: Bool

    init(avoiding addresses: [IPv4Address], usingBridge: Bool) {
        avoided = addresses
        usesBridge = usingBridge
    }

    var isClosed: Bool {
        phase.withLock { if case .closed = $0 { true } else { false } }
    }

    /// The network, made now if it has not been before.
    func installation() throws(NetworkError) -> NetworkInstallation {
        switch phase.withLock({ $0 }) {
        case .made(let installation): return installation
        case .failed(let error): throw error
        case .closed: throw .closed
        case .unmade: break
        }
        do throws(NetworkError) {
            let installation = try NetworkInstallation.make(avoiding: avoided, usingBridge: usesBridge)
            phase.withLock { $0 = .made(installation) }
            return installation
        } catch {
            phase.withLock { $0 = .failed(error) }
            throw error
        }
    }

    /// Makes namespaces until enough are ready; a failure is left to whoever needs one.
    func refill() {
        while ready.withLock({ $0.count }) < spares {
            guard let made = try? installation().makeNamespace() else { return }
            ready.withLock { $0.append(made) }
        }
    }

    /// One for a build that asked for none so far, and more for one that asks again and again.
    private var spares: Int { min(1 + taken.load(ordering: .relaxed), Self.mostSpares) }

    func takeReady() -> ContainerNamespace? {
        taken.add(1, ordering: .relaxed)
        return ready.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    /// A namespace that is ready, or a new one.
    func take() throws(NetworkError) -> ContainerNamespace {
        if let waiting = ready.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return waiting }
        return try installation().makeNamespace()
    }

    /// Closes a network of which nothing was made.
    func forbid() {
        phase.withLock { $0 = .closed }
    }

    /// Removes what others can see.
    func close() throws(NetworkError) {
        let last = phase.withLock { phase in
            defer { phase = .closed }
            return phase
        }
        guard case .made(let installation) = last else { return }
        remains.withLock { $0 = installation }
        try installation.remove()
    }

    /// Lets go of what is left, for which the kernel takes its time.
    func release() {
        ready.withLock { $0 = [] }
        remains.withLock { $0 = nil }
    }
}
