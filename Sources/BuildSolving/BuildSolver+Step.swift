import BuildInterface
import BuildPlanning
import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem
import LinuxSystem
import OCIModel
import StateDatabase

extension BuildSolver {
    /// Solves one step as a vertex of its own.
    func solve(_ step: Step, _ inputs: StepInputs) async throws -> SolvedStep {
        try Task.checkCancellation()
        let vertex = reporter.start(step.title)
        let began = ContinuousClock.now
        do {
            let solved = try await solve(step, inputs, vertex: vertex)
            if solved.result.isCached {
                reporter.send(.cached(vertex: vertex))
            } else {
                reporter.send(.completed(vertex: vertex, duration: began.duration(to: .now)))
            }
            return solved
        } catch let error {
            if error is CancellationError || Task.isCancelled {
                reporter.send(.cancelled(vertex: vertex))
                throw CancellationError()
            }
            let failure = error as? SolveError ?? StepFailures.describe(error, step)
            reporter.send(.failed(vertex: vertex, message: failure.description))
            throw failure
        }
    }

    private func solve(_ step: Step, _ inputs: StepInputs, vertex: Int) async throws -> SolvedStep {
        let selection = try await selection(of: step)
        let operation = CacheKeys.operation(
            step,
            selection: selection?.digest,
            hasSingleID: UserNamespace.current.hasSingleID
        )
        let definition = CacheKeys.definition(operation: operation, inputs: inputs.definitions)
        let keys = StepKeys(operation: operation, definition: definition)
        // An image is found, not made; it has no result of its own.
        if case .image(let image) = step.operation { return try solve(image) }
        if !step.ignoresCache, let hit = try await cachedResult(step, inputs, keys) { return hit }

        try Task.checkCancellation()
        switch step.operation {
        case .image(let image): return try solve(image)
        case .exec(let exec): return try await run(exec, of: selection, step, inputs, keys, vertex: vertex)
        case .copy(let copy): return try await self.copy(copy, of: selection, step, inputs, keys)
        case .makeDirectory(let operation): return try await makeDirectory(operation, step, inputs, keys)
        }
    }

    /// An image's layers, none of them on disk as a tree yet.
    private func solve(_ operation: ImageOperation) throws -> SolvedStep {
        let layers = try environment.layers(of: operation.image.manifest)
        let epoch = operation.image.configuration.created.flatMap { RFC3339.parse($0) } ?? .epoch
        let snapshot = Snapshot(layers: layers.map { SnapshotLayer($0) }, epoch: epoch)
        return SolvedStep(
            result: StepResult(
                definition: CacheKeys.image(operation.image.manifest),
                snapshot: snapshot,
                isCached: true
            )
        )
    }

    /// A stored result: by the layers of its inputs, or, when any result has this operation, by their content.
    private func cachedResult(_ step: Step, _ inputs: StepInputs, _ keys: StepKeys) async throws -> SolvedStep? {
        let database = environment.database
        if let key = settledResultKey(step, inputs, keys), let record = try database.result(definition: key),
            let solved = try stored(record, inputs, keys)
        {
            return solved
        }
        guard try database.hasResults(operation: keys.operation) else { return nil }
        let content = try await contentKey(step, inputs, keys)
        guard let record = try database.result(content: content), let solved = try stored(record, inputs, keys) else {
            return nil
        }
        // The next build finds it without looking at content.
        if let key = settledResultKey(step, inputs, keys) {
            var renamed = record
            renamed.definitionKey = key
            try database.save(renamed)
        }
        return solved
    }

    /// What the step's result is found under; nil while an input that was made anew is being packed.
    private func settledResultKey(_ step: Step, _ inputs: StepInputs, _ keys: StepKeys) -> Digest? {
        var contents: [Digest] = []
        for snapshot in inputs.deciding(step) {
            guard let content = snapshot.settledContentDigest else { return nil }
            contents.append(content)
        }
        return CacheKeys.result(definition: keys.definition, inputs: contents)
    }

    /// The same, as soon as all inputs are packed.
    private func resultKey(_ step: Step, _ inputs: StepInputs, _ keys: StepKeys) async throws -> Digest {
        var contents: [Digest] = []
        for snapshot in inputs.deciding(step) { contents.append(try await snapshot.contentDigest()) }
        return CacheKeys.result(definition: keys.definition, inputs: contents)
    }

    /// The step's result as a record tells it; nil when its layer is gone.
    private func stored(_ record: ResultRecord, _ inputs: StepInputs, _ keys: StepKeys) throws -> SolvedStep? {
        guard let diffID = record.diffID, let layer = try environment.database.layer(diffID),
            try environment.directory.blobs.contains(layer.blob.digest)
        else { return nil }
        let packed = PackedLayer(diffID: layer.diffID, blob: layer.blob)
        // The parent can be another than when the result was stored, and newer.
        let epoch = max(inputs.parent.epoch, record.epoch)
        let snapshot = Snapshot(layers: inputs.parent.layers + [SnapshotLayer(packed)], epoch: epoch)
        return SolvedStep(result: StepResult(definition: keys.definition, snapshot: snapshot, isCached: true))
    }

    /// The key that sees through inputs made anew with the same content.
    func contentKey(_ step: Step, _ inputs: StepInputs, _ keys: StepKeys) async throws -> Digest {
        var contents: [Digest] = []
        if step.parent != nil, step.operation.dependsOnParent {
            contents.append(try await inputs.parent.contentDigest())
        }
        switch step.operation {
        case .copy(let copy):
            if case .step(let source) = copy.origin {
                let selected: StepSelection
                if let known = keys.stage.known {
                    selected = known
                } else {
                    selected = try await selection(of: copy, from: inputs.snapshot(of: source))
                    keys.stage.keep(selected)
                }
                contents.append(selected.digest)
            }
        case .exec:
            for origin in step.operation.origins {
                guard case .step(let source) = origin else { continue }
                contents.append(try await inputs.snapshot(of: source).contentDigest())
            }
        case .image, .makeDirectory: break
        }
        return CacheKeys.content(operation: keys.operation, inputs: contents)
    }

    /// Remembers what a step came to; waits until its inputs are packed.
    func record(
        _ step: Step,
        _ inputs: StepInputs,
        _ keys: StepKeys,
        _ packed: PackedLayer,
        tree: ByteString?,
        epoch: Timestamp,
        duration: Duration
    ) async throws {
        let content = try await contentKey(step, inputs, keys)
        let result = try await resultKey(step, inputs, keys)
        let now = WallClock.now
        let (seconds, attoseconds) = duration.components
        let recorded = try environment.database.save(
            ResultRecord(
                definitionKey: result,
                operationKey: keys.operation,
                contentKey: content,
                diffID: packed.diffID,
                epoch: epoch,
                inputs: [],
                description: step.title,
                durationMilliseconds: seconds * 1000 + attoseconds / 1_000_000_000_000_000,
                created: now,
                lastUsed: now
            ),
            with: LayerRecord(
                diffID: packed.diffID,
                blob: packed.blob,
                tree: tree.map { TreeRecord(id: $0, bootID: environment.bootID) },
                created: now
            )
        )
        if let recorded, recorded.id == tree { environment.session.keepTree(recorded.id) }
    }
}

/// The keys a step has before it is carried out.
struct StepKeys: Sendable {
    let operation: Digest
    let definition: Digest

    /// What the step copies from a stage.
    let stage = StageSelection()
}

extension Operation {
    /// Whether what the operation leaves depends on what it is put on.
    ///
    /// What a copy with `--link` leaves does so only when the names of owners are looked up there.
    var dependsOnParent: Bool {
        if case .copy(let copy) = self { !copy.isLink || copy.needsAccounts } else { true }
    }
}
