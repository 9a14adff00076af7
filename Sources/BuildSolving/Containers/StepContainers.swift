import BuildPlanning
import ContainerSandbox
import LinuxSystem
import Synchronization

/// The containers of a build's commands.
///
/// Starting one takes about as long as a short command does, so while one command runs the container of the next is made
/// ready beside it: one at most, of the kind that the plan has next.
final class StepContainers: Sendable {
    private struct State {
        /// The commands of the plan that have not begun, in its order.
        var ahead: [(id: StepID, kind: ContainerKind)]

        /// Those that can run here, as is known by now.
        var checked: Set<ContainerKind> = []
        var ready: StepContainer?

        /// Containers that nobody needs and that may not have ended yet.
        var unused: [StepContainer] = []

        /// Has the ready container end, without waiting, if it is not what comes next.
        mutating func dismissUnlessNext() {
            guard let container = ready, container.kind != ahead.first?.kind else { return }
            ready = nil
            unused.append(container)
            container.dismiss()
        }
    }

    private let environment: SolverEnvironment
    private let networks: StepNetworks
    private let assembly: AssemblyFolder
    private let state: Mutex<State>

    init(_ plan: BuildPlan, _ environment: SolverEnvironment, _ networks: StepNetworks) {
        self.environment = environment
        self.networks = networks
        assembly = AssemblyFolder(environment.session)
        let commands = plan.steps.compactMap { step -> (id: StepID, kind: ContainerKind)? in
            guard case .exec(let exec) = step.operation else { return nil }
            return (step.id, ContainerKind(exec))
        }
        state = Mutex(State(ahead: commands))
    }

    /// The container for a command: the one that is ready, or a new one.
    ///
    /// - Throws: Why no command can run here.
    func container(for exec: ExecOperation, of id: StepID) async throws -> StepContainer {
        let kind = ContainerKind(exec)
        try await check(kind)
        let ready = state.withLock { state in
            state.ahead.removeAll { $0.id == id }
            guard state.ready?.kind == kind else { return nil as StepContainer? }
            return state.ready.take()
        }
        return try ready ?? start(kind, isAhead: false)
    }

    /// Makes sure, once for each kind, that commands can run.
    private func check(_ kind: ContainerKind) async throws {
        if state.withLock({ $0.checked.contains(kind) }) { return }
        try await BlockingThread.run { [environment] in
            try environment.sandbox.check(kind.network, in: environment.session)
        }
        state.withLock { _ = $0.checked.insert(kind) }
    }

    /// Notes that a step is done and will need no container, as it did or because its result was known.
    func finished(_ id: StepID) {
        state.withLock { state in
            state.ahead.removeAll { $0.id == id }
            state.dismissUnlessNext()
        }
    }

    /// Whether any command is still to begin, as far as is known.
    var hasMore: Bool {
        state.withLock { !$0.ahead.isEmpty }
    }

    /// Begins to start a container for the command that is next, unless one is ready; waits for nothing.
    func prepareNext() {
        state.withLock { state in
            state.dismissUnlessNext()
            guard state.ready == nil, let next = state.ahead.first, state.checked.contains(next.kind) else { return }
            // Without it the command starts one itself.
            state.ready = try? start(next.kind, isAhead: true)
        }
    }

    /// Ends the containers that no command will use, and waits for that; they may be in the network that commands share.
    func endUnused() async {
        let unused = state.withLock { state in
            state.dismissUnlessNext()
            defer { state.unused = [] }
            return state.unused
        }
        for container in unused { await container.discard() }
    }

    /// The same when no more commands come, whatever the plan has.
    func close() async {
        state.withLock { $0.ahead = [] }
        await endUnused()
    }

    /// What a container of a kind is started with in a network.
    func shape(of kind: ContainerKind, in network: StepNetwork) throws -> ContainerShape {
        ContainerShape(
            network: network.network,
            hostName: kind.hostName ?? BuildSolver.hostName,
            assembly: try assembly.path(),
            isInsecure: kind.isInsecure,
            sharedMemorySize: environment.sandbox.sharedMemorySize,
            groupLimits: environment.sandbox.groupLimits,
            session: environment.sandbox.groupOwner
        )
    }

    private func start(_ kind: ContainerKind, isAhead: Bool) throws -> StepContainer {
        let networks = networks
        return try StepContainer(
            kind,
            isAhead: isAhead,
            enter: {
                switch kind.network {
                case .default: try networks.enter()
                case .none: .none
                case .host: .host
                }
            },
            shape: { [self] network in try shape(of: kind, in: network) },
            runner: environment.sandbox.runner
        )
    }
}
