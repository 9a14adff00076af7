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
    /// The name of the host that commands see; builders agree on it, so that it gets into images the same everywhere.
    static let hostName: ByteString = "buildkitsandbox"

    /// Runs a command over the parent's layers; what it changed becomes a layer, packed while later steps run.
    func run(
        _ exec: ExecOperation,
        _ step: Step,
        _ inputs: StepInputs,
        _ keys: StepKeys,
        vertex: Int
    ) async throws -> SolvedStep {
        let began = ContinuousClock.now
        let lower = try await trees.trees(of: inputs.parent)
        let view = try await trees.view(of: inputs.parent, readingFiles: true)
        let cancellation = try ContainerCancellation()
        let mounts = try await ExecMounts.prepare(exec, inputs, solver: self)
        let tail = OutputTail()
        let (environment, reporter) = (environment, reporter)
        let upper = try await cancellable {
            try await BlockingThread.run {
                let upper = try UpperFolder(environment, like: view)
                let start = WallClock.fileTime
                try upper.makeWorkingDirectory(exec.workingDirectory, below: view)
                let status = try mounts.whileMounted {
                    try environment.sandbox.runner().run(
                        try Self.request(exec, view, lower, upper, mounts, environment),
                        onOutput: { stream, bytes in
                            let chunk = Array(bytes)
                            tail.add(chunk)
                            let output: BuildInterface.OutputStream =
                                stream == .standardOutput ? .standardOutput : .standardError
                            reporter.send(.output(vertex: vertex, stream: output, bytes: chunk))
                        },
                        cancellation: cancellation
                    )
                }
                guard status.isSuccess else { throw Self.failure(exec, step, status, tail) }
                try upper.settle(since: start, to: inputs.parent.epoch, mountTargets: mounts.targets, below: view)
                return upper
            }
        } onCancel: {
            cancellation.cancel()
        } mapping: { error in
            Self.failure(error, exec, step, tail)
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
            let environment = environment
            let packed = try await BlockingThread.run {
                let writer = try LayerWriter(into: environment.directory.blobs.writer(in: environment.session))
                try UpperPacker.pack(upper.tree.path, into: writer)
                return try writer.finish()
            }
            layer.packing.settle(.success(packed))
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
        _ view: SnapshotView,
        _ lower: [LayerTree],
        _ upper: UpperFolder,
        _ mounts: ExecMounts,
        _ environment: SolverEnvironment
    ) throws -> ContainerRequest {
        let network = network(of: exec, environment.sandbox)
        let files = try GeneratedFiles(
            folder: mounts.folder,
            network: network,
            extraHosts: exec.extraHosts,
            hostName: hostName
        )
        let variables = exec.environment + exec.proxyEnvironment + mounts.environment
        return ContainerRequest(
            lowerTrees: overlayLayers(lower) + [try mounts.makeStubs()],
            upper: upper.tree.path,
            work: upper.work,
            arguments: exec.arguments,
            environment: variables.map { $0.name + ByteString("=") + $0.value },
            workingDirectory: exec.workingDirectory,
            user: try AccountFiles(in: view).user(exec.user),
            mounts: files.mounts + mounts.mounts,
            network: network,
            hostName: hostName,
            isInsecure: exec.isInsecure,
            sharedMemorySize: environment.sandbox.sharedMemorySize
        )
    }

    /// The paths of the layers for an overlay, top first, each once, since the kernel refuses one that comes twice.
    ///
    /// An equal layer further down adds nothing: the upper one has all of its entries, and hides them there.
    static func overlayLayers(_ lower: [LayerTree]) -> [ByteString] {
        var known: Set<ByteString> = []
        return lower.reversed().map(\.path).filter { known.insert($0).inserted }
    }

    private static func network(of exec: ExecOperation, _ settings: SandboxSettings) -> ContainerNetwork {
        switch exec.network {
        case .default: settings.network
        case .none: .none
        case .host: .host
        }
    }

    private static func failure(
        _ exec: ExecOperation,
        _ step: Step,
        _ status: ExitStatus,
        _ tail: OutputTail
    ) -> SolveError {
        .commandFailed(
            step: step,
            command: exec.commandText,
            ending: ending(status),
            lastLines: tail.lines,
            logFile: nil
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
        _ tail: OutputTail
    ) -> any Error {
        guard let error = error as? ExecutorError else { return error }
        if error == .cancelled { return CancellationError() }
        guard let code = error.shellExitCode else { return StepFailures.describe(error, step) }
        return SolveError.commandFailed(
            step: step,
            command: exec.commandText,
            ending: "\(error) (exit code: \(code))",
            lastLines: tail.lines,
            logFile: nil
        )
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
