import ContainerSandbox
import LinuxSystem
import Synchronization

/// The container of one command, with the thread that it lives on and the network it is in.
final class StepContainer: Sendable {
    private struct Parts: ~Copyable {
        var network: Result<StepNetwork, any Error>?
        var waiting: WaitingContainer?
    }

    let kind: ContainerKind
    private let thread: ReservedThread
    private let parts = Mutex(Parts(network: nil, waiting: nil))
    private let enter: @Sendable () throws -> StepNetwork

    /// Begins to start a container, and does not wait for it.
    ///
    /// What fails ahead of the command is tried again with it. `shape` tells what the container is started with in a
    /// network.
    init(
        _ kind: ContainerKind,
        isAhead: Bool,
        enter: @escaping @Sendable () throws -> StepNetwork,
        shape: @escaping @Sendable (StepNetwork) throws -> ContainerShape,
        runner: @escaping @Sendable () throws -> ContainerRunner
    ) throws {
        self.kind = kind
        self.enter = enter
        thread = try ReservedThread()
        thread.begin { [weak self] in
            // Nobody wants it any more.
            guard let self else { return }
            let result = Result { try enter() }
            guard case .success(let network) = result else {
                if !isAhead { parts.withLock { $0.network = result } }
                return
            }
            parts.withLock { $0.network = result }
            guard let shape = try? shape(network), let waiting = try? runner().start(shape) else { return }
            keep(waiting)
        }
    }

    private func keep(_ waiting: consuming WaitingContainer) {
        var waiting: WaitingContainer? = waiting
        parts.withLock { $0.waiting = waiting.take() }
    }

    /// Runs `body` on the thread of the container, as soon as that is started.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await thread.run(body)
    }

    /// The network that the container is in; blocks.
    func network() throws -> StepNetwork {
        if let known = parts.withLock({ $0.network }) { return try known.get() }
        let network = try enter()
        parts.withLock { $0.network = .success(network) }
        return network
    }

    /// Lets go of the network, in which nothing runs any more.
    func leaveNetwork() {
        parts.withLock { $0.network = nil }
    }

    /// Gives the container away; nil when there is none.
    func takeWaiting() -> WaitingContainer? {
        parts.withLock { $0.waiting.take() }
    }

    /// Ends the container and leaves the network, as soon as both are there.
    func dismiss() {
        thread.begin { [self] in end() }
    }

    /// The same, and waits for it.
    func discard() async {
        _ = try? await run { [self] in end() }
    }

    private func end() {
        _ = takeWaiting()
        leaveNetwork()
    }
}
