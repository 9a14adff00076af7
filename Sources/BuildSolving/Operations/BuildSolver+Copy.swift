import BuildContexts
import BuildPlanning
import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem

extension BuildSolver {
    /// Writes the layer of a COPY or ADD straight from where its files are.
    ///
    /// `hashed` is what the keys are made of when files are a context's or another machine's; nil for all others.
    func copy(
        _ copy: CopyOperation,
        of hashed: StepSelection?,
        _ step: Step,
        _ inputs: StepInputs,
        _ keys: StepKeys
    ) async throws -> SolvedStep {
        let began = ContinuousClock.now
        let source = try await origin(copy.origin, inputs)
        let parent = copy.isLink ? nil : try await trees.view(of: inputs.parent, readingFiles: copy.needsAccounts)
        let options = try await copyOptions(copy, inputs, keepsOwners: source.keepsOwners)
        var remotes: [CopyLayer.Remote] = []
        for fetched in hashed?.fetched ?? [] { remotes.append(try await fetched.tree(environment.remotes)) }
        let environment = environment
        let made = try await BlockingThread.run { [remotes] in
            try CopyLayer.make(
                copy,
                of: hashed ?? keys.stage.known,
                from: source.tree,
                remotes: remotes,
                over: parent,
                options: options,
                environment
            )
        }
        let epoch = max(inputs.parent.epoch, max(source.epoch, source.keepsOwners ? .epoch : made.newest))
        let layer = SnapshotLayer(made.packed, index: made.index)
        let snapshot = Snapshot(layers: inputs.parent.layers + [layer], epoch: epoch)
        return recorded(step, inputs, keys, made.packed, snapshot, duration: began.duration(to: .now))
    }

    /// Makes the directory of a WORKDIR.
    func makeDirectory(
        _ operation: MakeDirectoryOperation,
        _ step: Step,
        _ inputs: StepInputs,
        _ keys: StepKeys
    ) async throws -> SolvedStep {
        let began = ContinuousClock.now
        let isRoot = operation.user.isEmpty || operation.user == "0" || operation.user == "root"
        let parent = try await trees.view(of: inputs.parent, readingFiles: !isRoot)
        let epoch = inputs.parent.epoch
        let environment = environment
        let (packed, index) = try await BlockingThread.run {
            var options = CopyOptions(owner: .root, epoch: epoch)
            if !isRoot {
                options.owner = try AccountFiles(in: parent).owner(operation.user)
            }
            var packer = try CopyPacker(over: parent, spoolFolder: environment.session.path)
            try packer.makeDirectory(operation.path, options: options)
            let writer = try LayerWriter(into: environment.directory.blobs.writer(in: environment.session))
            let index = try packer.pack(into: writer)
            return (try writer.finish(), index)
        }
        let layers = inputs.parent.layers + [SnapshotLayer(packed, index: index)]
        let snapshot = Snapshot(layers: layers, epoch: epoch)
        return recorded(step, inputs, keys, packed, snapshot, duration: began.duration(to: .now))
    }

    /// A step whose layer is packed, to be recorded once its inputs are packed as well, which later steps need not await.
    private func recorded(
        _ step: Step,
        _ inputs: StepInputs,
        _ keys: StepKeys,
        _ packed: PackedLayer,
        _ snapshot: Snapshot,
        duration: Duration
    ) -> SolvedStep {
        let epoch = snapshot.epoch
        return SolvedStep(
            result: StepResult(definition: keys.definition, snapshot: snapshot, isCached: false),
            packing: {
                try await self.record(step, inputs, keys, packed, tree: nil, epoch: epoch, duration: duration)
            }
        )
    }

    /// A file system that files are taken from.
    struct Origin: Sendable {
        let tree: any FileTree

        /// Whether files keep their owners: those of a context belong to nobody in the image.
        let keepsOwners: Bool

        /// The time of the stage or image; the epoch for a context, whose files have their own.
        let epoch: Timestamp
    }

    /// Opens what a copy or mount reads from, files included.
    func origin(_ origin: FileOrigin, _ inputs: StepInputs) async throws -> Origin {
        switch origin {
        case .context(let name):
            let folder = try await environment.contexts.folder(name)
            return Origin(tree: folder.tree, keepsOwners: false, epoch: .epoch)
        case .step(let id):
            let snapshot = inputs.snapshot(of: id)
            let view = try await trees.view(of: snapshot, readingFiles: true)
            return Origin(tree: view, keepsOwners: true, epoch: snapshot.epoch)
        case .nothing:
            return Origin(tree: try SnapshotView(layers: []), keepsOwners: false, epoch: .epoch)
        }
    }

    private func copyOptions(
        _ copy: CopyOperation,
        _ inputs: StepInputs,
        keepsOwners: Bool
    ) async throws -> CopyOptions {
        var options = CopyOptions(owner: keepsOwners ? nil : .root, epoch: inputs.parent.epoch)
        if let permissions = copy.permissions { options.permissions = try PermissionChange(parsing: permissions) }
        guard let text = copy.owner else { return options }
        guard copy.needsAccounts else {
            options.owner = try AccountFiles(in: try SnapshotView(layers: [])).owner(text)
            return options
        }
        let view = try await trees.view(of: inputs.parent, readingFiles: true)
        options.owner = try await BlockingThread.run { try AccountFiles(in: view).owner(text) }
        return options
    }
}

extension CopyOperation {
    /// Whether `--chown` names somebody whom only the image's own files know.
    var needsAccounts: Bool {
        guard let owner else { return false }
        return !owner.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ":") }
    }
}
