import ContainerSandbox
import LinuxSystem
import Synchronization

/// The container of one command, with the thread that it lives on and the network it is in.
final class StepContainer: Sendable {
    private struct Parts: ~Copyable {
        var network: StepNetwork?
        var waiting: WaitingContainer?
    }

    let kind: ContainerKind
    private let thread: ReservedThread
    private let parts = Mutex(Parts(network: nil, waiting: nil))
    private let enter: @Sendable () throws -> StepNetwork

    /// Begins to start a container, and does not wait for it.
    ///
    /// What fails is left out, for whoever asks for it has it tried again and is told. `shape` tells what the container is
    /// started with in a network.
    init(
        _ kind: ContainerKind,
        enter: @escaping @Sendable () throws -> StepNetwork,
        shape: @escaping @Sendable (StepNetwork) throws -> ContainerShape,
        runner: @escaping @Sendable () throws -> ContainerRunner
    ) throws {
        self.kind = kind
        self.enter = enter
        thread = try ReservedThread()
        thread.begin { [weak self] in
            // Nobody wants it any more.
            guard let self, let network = try? enter() else { return }
            parts.withLock { $0.network = network }
            guard let shape = try? shape(network), let waiting = try? runner().start(shape) else { return }
            keep(waiting)
        }
    }

    private func keep(_ waiting: consuming WaitingContainer) {
        var waiting: WaitingContainer? = waiting
        parts.withLock { $0.waiting = waiting.take() }
    }

    /// Runs `body` on the thread of the container, as soon as that is started.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await thread.run(body)
    }

    /// The network that the container is in; blocks.
    func network() throws -> StepNetwork {
        if let network = parts.withLock({ $0.network }) { return network }
        let network = try enter()
        parts.withLock { $0.network = network }
        return network
    }

    /// Gives the container away; nil when there is none.
    func takeWaiting() -> WaitingContainer? {
        parts.withLock { $0.waiting.take() }
    }

    /// Ends the container and leaves the network, and waits for both.
    func discard() async {
        _ = try? await run { [self] in
            _ = takeWaiting()
            parts.withLock { $0.network = nil }
        }
    }
}
