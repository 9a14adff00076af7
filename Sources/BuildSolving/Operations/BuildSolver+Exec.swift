import BuildContexts
import BuildInterface
import BuildPlanning
import ByteStrings
import ContainerSandbox
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem
import StateDatabase

extension BuildSolver {
    /// The name of the host that commands see unless the build gives another; builders agree on it, so that it gets into images the same everywhere.
    static let hostName: ByteString = "buildkitsandbox"

    /// Runs a command over the parent's layers; what it changed becomes a layer, packed while later steps run.
    ///
    /// `hashed` is what the keys are made of as far as the command sees build contexts.
    func run(
        _ exec: ExecOperation,
        of hashed: StepSelection?,
        _ step: Step,
        _ inputs: StepInputs,
        _ keys: StepKeys,
        vertex: Int
    ) async throws -> SolvedStep {
        if exec.network == .default { networks.prepare() }
        let container = try await containers.container(for: exec, of: step.id)
        do {
            return try await run(exec, in: container, of: hashed, step, inputs, keys, vertex: vertex)
        } catch {
            await container.discard()
            throw error
        }
    }

    private func run(
        _ exec: ExecOperation,
        in container: StepContainer,
        of hashed: StepSelection?,
        _ step: Step,
        _ inputs: StepInputs,
        _ keys: StepKeys,
        vertex: Int
    ) async throws -> SolvedStep {
        let began = ContinuousClock.now
        let stack = try await trees.overlay(of: inputs.parent)
        let view = try await trees.view(of: inputs.parent, readingFiles: true)
        let cancellation = try ContainerCancellation()
        let mounts = try await ExecMounts.prepare(
            exec,
            root: stack,
            view: view,
            hashed: hashed,
            inputs,
            solver: self
        )
        let lowerTrees = mounts.paths(of: stack) + [try await folders.folder(of: mounts.stubs)]
        let tail = OutputTail()
        let log = log.step(vertex)
        let (environment, reporter, containers) = (environment, reporter, containers)
        let upper = try await cancellable {
            try await container.run {
                let upper = try UpperFolder(environment, like: view)
                let start = WallClock.fileTime
                let folders = [upper.tree.path] + lowerTrees
                let isUsable = try OverlayProbe.isUsable(environment)
                if !isUsable { OverlayProbe.warn(of: environment, reporter) }
                let isOverlay = isUsable && !stack.isTooTall
                let plain = isOverlay ? nil : try PlainRoot(of: folders, environment)
                defer { log.finish() }
                let status = try mounts.whileMounted {
                    let network = try container.network()
                    defer { container.leaveNetwork() }
                    let shape = try containers.shape(of: container.kind, in: network)
                    var request = try Self.request(exec, shape, view, lowerTrees, upper, mounts, network)
                    if let plain { (request.upper, request.isWhole) = (plain.path, true) }
                    return try environment.sandbox.runner().run(
                        request,
                        in: container.takeWaiting(),
                        onStart: { containers.prepareNext() },
                        onOutput: { stream, bytes in
                            let chunk = Array(bytes)
                            tail.add(chunk)
                            log.add(chunk)
                            let output: BuildInterface.OutputStream =
                                stream == .standardOutput ? .standardOutput : .standardError
                            reporter.send(.output(vertex: vertex, stream: output, bytes: chunk))
                        },
                        cancellation: cancellation
                    )
                }
                guard status.isSuccess else {
                    let hint = CommandHint.text(status, exec)
                    throw Self.failure(exec, step, ending: Self.ending(status), hint: hint, tail, log)
                }
                try plain?.settle(into: upper.tree.path)
                try upper.settle(since: start, to: inputs.parent.epoch, mountTargets: mounts.targets, below: view)
                return upper
            }
        } onCancel: {
            cancellation.cancel()
        } mapping: { error in
            Self.failure(error, exec, step, tail, log)
        }

        let layer = SnapshotLayer(packing: Promise(), tree: upper.tree)
        let snapshot = Snapshot(layers: inputs.parent.layers + [layer], epoch: inputs.parent.epoch)
        let duration = began.duration(to: .now)
        return SolvedStep(
            result: StepResult(definition: keys.definition, snapshot: snapshot, isCached: false),
            packing: { try await self.pack(upper, layer, step, inputs, keys, duration) }
        )
    }

    /// Packs what a command changed, and remembers the result.
    private func pack(
        _ upper: UpperFolder,
        _ layer: SnapshotLayer,
        _ step: Step,
        _ inputs: StepInputs,
        _ keys: StepKeys,
        _ duration: Duration
    ) async throws {
        do {
            let (environment, containers) = (environment, containers)
            let packed = try await BlockingThread.run {
                let writer = try LayerWriter(into: environment.directory.blobs.writer(in: environment.session))
                try UpperPacker.pack(upper.tree.path, into: writer)
                let packed = try writer.finish()
                layer.packing.settle(.success(packed))
                // What cannot be removed goes with the session, and what cannot be made is made when it is needed.
                try? upper.removeWork()
                if containers.hasMore { try? environment.session.prepareChangeFolders() }
                return packed
            }
            try await record(
                step,
                inputs,
                keys,
                packed,
                tree: upper.id,
                epoch: inputs.parent.epoch,
                duration: duration
            )
        } catch {
            let failure = error is CancellationError ? error : StepFailures.describe(error, step)
            layer.packing.settle(.failure(failure))
            throw failure
        }
    }

    private static func request(
        _ exec: ExecOperation,
        _ shape: ContainerShape,
        _ view: SnapshotView,
        _ lowerTrees: [ByteString],
        _ upper: UpperFolder,
        _ mounts: ExecMounts,
        _ network: StepNetwork
    ) throws -> ContainerRequest {
        let files = try GeneratedFiles.mounts(network, extraHosts: exec.extraHosts, hostName: shape.hostName)
        let variables = exec.environment + exec.proxyEnvironment + mounts.environment
        var request = ContainerRequest(
            shape: shape,
            lowerTrees: lowerTrees,
            upper: upper.tree.path,
            work: upper.work,
            arguments: exec.arguments,
            environment: variables.map { $0.name + ByteString("=") + $0.value },
            workingDirectory: exec.workingDirectory,
            user: try AccountFiles(in: view).user(exec.user),
            mounts: files + mounts.mounts,
            limits: exec.limits.compactMap { limit in
                ResourceLimit.Resource(name: limit.name).map {
                    ResourceLimit(resource: $0, soft: limit.soft, hard: limit.hard)
                }
            }
        )
        request.user.groups += mounts.groups.filter { !request.user.groups.contains($0) }
        request.trees = mounts.trees
        return request
    }

    private static func failure(
        _ exec: ExecOperation,
        _ step: Step,
        ending: String,
        hint: String?,
        _ tail: OutputTail,
        _ log: StepLog
    ) -> SolveError {
        .commandFailed(
            step: step,
            command: exec.commandText,
            ending: ending,
            lastLines: tail.lines,
            logFile: log.path,
            hint: hint
        )
    }

    private static func ending(_ status: ExitStatus) -> String {
        if case .signal(let signal) = status { return "exit code: \(status.shellCode) (killed by \(signal))" }
        return "exit code: \(status.shellCode)"
    }

    private static func failure(
        _ error: any Error,
        _ exec: ExecOperation,
        _ step: Step,
        _ tail: OutputTail,
        _ log: StepLog
    ) -> any Error {
        guard let error = error as? ExecutorError else { return error }
        if error == .cancelled { return CancellationError() }
        guard let code = error.shellExitCode else { return StepFailures.describe(error, step) }
        let hint = CommandHint.text(error, exec)
        return failure(exec, step, ending: "\(error) (exit code: \(code))", hint: hint, tail, log)
    }
}

extension ExecOperation {
    /// The command as one line for messages.
    fileprivate var commandText: String {
        arguments.map(\.description).joined(separator: " ")
    }
}

/// Runs `body` with a handler for cancellation, and maps what it throws.
private func cancellable<Value: Sendable>(
    _ body: () async throws -> Value,
    onCancel: @escaping @Sendable () -> Void,
    mapping: (any Error) -> any Error
) async throws -> Value {
    do {
        return try await withTaskCancellationHandler(operation: body, onCancel: onCancel)
    } catch {
        throw mapping(error)
    }
}
