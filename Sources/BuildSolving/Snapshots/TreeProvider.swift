import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem
import OCIModel
import StateDatabase

/// Makes the trees of layers when somebody needs their files, each once.
final class TreeProvider: Sendable {
    private let environment: SolverEnvironment
    private let unpacking = SharedWork<DiffID, LayerTree>()

    init(environment: SolverEnvironment) {
        self.environment = environment
    }

    /// The trees of all layers, the lowest first.
    func trees(of snapshot: Snapshot) async throws -> [LayerTree] {
        var trees: [LayerTree] = []
        // One after the other: a layer may leave directories out that those below it describe.
        for layer in snapshot.layers { trees.append(try await tree(of: layer, over: trees)) }
        return trees
    }

    /// The layers as one file system.
    ///
    /// Unless files are to be read, an index of names stands in for a layer that has no tree.
    func view(of snapshot: Snapshot, readingFiles: Bool) async throws -> SnapshotView {
        var layers: [SnapshotView.Layer] = []
        if readingFiles {
            layers = try await trees(of: snapshot).map { .tree($0) }
        } else {
            var trees: [LayerTree]? = []
            for layer in snapshot.layers {
                if layer.tree == nil, let index = layer.index {
                    layers.append(.index(index))
                    trees = nil
                } else if let lower = trees {
                    let tree = try await tree(of: layer, over: lower)
                    layers.append(.tree(tree))
                    trees = lower + [tree]
                } else {
                    layers.append(try await nameView(of: layer))
                }
            }
        }
        let topFirst = Array(layers.reversed())
        return try await BlockingThread.run { try SnapshotView(layers: topFirst) }
    }

    private func tree(of layer: SnapshotLayer, over lower: [LayerTree]) async throws -> LayerTree {
        if let tree = layer.tree { return tree }
        let packed = try await layer.packing.value()
        let tree = try await unpacking.value(for: packed.diffID) { [environment] in
            try await BlockingThread.run { try Self.unpack(packed, over: lower, environment) }
        }
        layer.tree = tree
        return tree
    }

    /// The tree of a layer where there is one, else the names in its blob.
    private func nameView(of layer: SnapshotLayer) async throws -> SnapshotView.Layer {
        if let tree = layer.tree { return .tree(tree) }
        let packed = try await layer.packing.value()
        let blobs = environment.directory.blobs
        let index = try await BlockingThread.run { try LayerApplier.index(packed, from: blobs) }
        layer.index = index
        return .index(index)
    }

    /// The tree that is recorded, or a new one made from the blob.
    private static func unpack(
        _ packed: PackedLayer,
        over lower: [LayerTree],
        _ environment: SolverEnvironment
    ) throws -> LayerTree {
        let database = environment.database
        let folder = environment.directory.treesPath
        let recorded = try database.layer(packed.diffID)?.tree
        if let recorded, recorded.isTrustworthy(during: environment.bootID) {
            let path = folder.appendingPath(recorded.id)
            if try FileStatus.at(hostPath: path, followingLinks: false)?.kind == .directory {
                return LayerTree(path: path)
            }
        }
        let id = environment.session.makeTreeID()
        let view = lower.isEmpty ? nil : try SnapshotView(layers: lower.reversed().map { .tree($0) })
        let tree = try LayerApplier.apply(
            packed,
            from: environment.directory.blobs,
            to: folder.appendingPath(id),
            lower: view
        )
        try database.saveIfAbsent(LayerRecord(diffID: packed.diffID, blob: packed.blob, created: WallClock.now))
        // When another process was faster, both trees are whole; ours goes with the session.
        let kept = try database.record(
            TreeRecord(id: id, bootID: environment.bootID),
            for: packed.diffID,
            replacing: recorded?.id
        )
        // Nobody trusts the tree of another boot, and its session is long gone: no sweep would find it.
        if let recorded, kept?.id == id { try environment.directory.removeTree(recorded.id, in: environment.session) }
        return tree
    }
}
