package import BuildPlanning
import BuildContexts
import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem

/// Carries out a plan: each step as soon as its inputs are there, from the cache where that has the result.
package struct BuildSolver: Sendable {
    let plan: BuildPlan
    let environment: SolverEnvironment
    let reporter: EventReporter
    let trees: TreeProvider
    let folders: SharedFolders
    let log: BuildLog
    let networks: StepNetworks
    let containers: StepContainers

    /// Prepares to carry out `plan` with what `environment` offers.
    package init(plan: BuildPlan, environment: SolverEnvironment, reporter: EventReporter) {
        self.plan = plan
        self.environment = environment
        self.reporter = reporter
        trees = TreeProvider(environment: environment)
        folders = SharedFolders(environment.session)
        log = BuildLog(environment.directory, environment.session)
        networks = StepNetworks()
        containers = StepContainers(plan, environment, networks)
    }

    /// What a piece of work of the solver came to.
    private enum Finished: Sendable {
        case solved(StepID, SolvedStep)
        case packed
    }

    /// Runs every step of the plan.
    ///
    /// Cancelling the caller's task stops every running step, and nothing outlives this call.
    ///
    /// - Returns: The file system of the target.
    /// - Throws: ``SolveError`` of the first step that failed, or `CancellationError`.
    package func solve() async throws -> SolvedBuild {
        var results: [StepID: StepResult] = [:]
        do {
            try await solve(&results)
        } catch {
            await containers.close()
            // The error that ended the build is the one to tell; the next build sweeps what cannot be removed.
            let networks = networks
            try? await BlockingThread.run { try networks.close() }
            throw error
        }
        await containers.close()
        return try await solvedBuild(results)
    }

    private func solve(_ results: inout [StepID: StepResult]) async throws {
        var commands = plan.steps.count(where: \.operation.usesNetwork)
        try await withThrowingTaskGroup(of: Finished.self) { group in
            var schedule = StepSchedule(plan)
            for id in schedule.begin() { start(id, results, in: &group) }
            while let finished = try await group.next() {
                guard case .solved(let id, let solved) = finished else { continue }
                results[id] = solved.result
                containers.finished(id)
                if plan[id]?.operation.usesNetwork == true {
                    commands -= 1
                    if commands == 0 { group.addTask { try await self.closeNetworks() } }
                }
                // The next command first; its layer is packed while that runs.
                for ready in schedule.finished(id) { start(ready, results, in: &group) }
                if let packing = solved.packing {
                    group.addTask {
                        try await self.finish(packing, of: id)
                        return .packed
                    }
                }
            }
        }
    }

    /// Takes the network away while the last layers are packed.
    private func closeNetworks() async throws -> Finished {
        await containers.endUnused()
        let networks = networks
        try await BlockingThread.run { try networks.close() }
        return .packed
    }

    private func start(
        _ id: StepID,
        _ results: [StepID: StepResult],
        in group: inout ThrowingTaskGroup<Finished, any Error>
    ) {
        guard let step = plan[id] else { return }
        let inputs = StepInputs(step: step, results: results)
        group.addTask { .solved(id, try await self.solve(step, inputs)) }
    }

    /// Runs the rest of a step, with the step in what it throws.
    private func finish(_ packing: @Sendable () async throws -> Void, of id: StepID) async throws {
        do {
            try await packing()
        } catch {
            guard !(error is CancellationError), !(error is SolveError), let step = plan[id] else { throw error }
            throw StepFailures.describe(error, step)
        }
    }

    private func solvedBuild(_ results: [StepID: StepResult]) async throws -> SolvedBuild {
        let head = plan.target.head.flatMap { results[$0] }
        let snapshot = head?.snapshot ?? .empty
        var layers: [PackedLayer] = []
        for layer in snapshot.layers { layers.append(try await layer.packing.value()) }
        var epochs: [StepID: Timestamp] = [:]
        for (id, result) in results { epochs[id] = result.snapshot.epoch }
        return SolvedBuild(
            layers: layers,
            epoch: snapshot.epoch,
            epochs: epochs,
            cachedSteps: results.values.count { $0.isCached },
            totalSteps: results.count,
            snapshot: snapshot,
            trees: trees
        )
    }
}

extension Operation {
    /// Whether a command of the step shares the network of the build.
    fileprivate var usesNetwork: Bool {
        if case .exec(let exec) = self { exec.network == .default } else { false }
    }
}
