import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem
import OCIModel
import StateDatabase
import Synchronization

/// Makes the trees of layers when somebody needs their files, each once.
final class TreeProvider: Sendable {
    private let environment: SolverEnvironment
    private let unpacking = SharedWork<DiffID, LayerTree>()

    /// What this kernel said of an overlay upon another, so that it is not asked again.
    private enum Stacking: UInt8, AtomicRepresentable {
        case unknown, possible, refused
    }

    private let stacking = Atomic(Stacking.unknown)

    init(environment: SolverEnvironment) {
        self.environment = environment
    }

    /// The layers as one file system.
    ///
    /// Unless files are to be read, an index of names stands in for a layer that has no tree.
    func view(of snapshot: Snapshot, readingFiles: Bool) async throws -> SnapshotView {
        var (view, position) = try known(snapshot, readingFiles: readingFiles)
        var hasFiles = readingFiles || position == 0 || snapshot.layers[position - 1].view != nil
        for layer in snapshot.layers[position...] {
            let part: SnapshotView.Layer
            if readingFiles || layer.tree != nil || (hasFiles && layer.index == nil) {
                part = .tree(try await tree(of: layer, over: view))
            } else {
                part = .index(try await index(of: layer))
                hasFiles = false
            }
            view = try view.adding(part)
            if hasFiles { layer.view = view } else { layer.nameView = view }
        }
        return view
    }

    /// The layers for an overlay; a tree is made for each that has none.
    ///
    /// - Throws: When a layer cannot be unpacked.
    func overlay(of snapshot: Snapshot) async throws -> OverlayStack {
        _ = try await view(of: snapshot, readingFiles: true)
        let height = OverlayStack.foundationHeight(of: snapshot.layers.count)
        let foundation = height > 0 ? try await self.foundation(snapshot, height) : nil
        let folders = snapshot.layers[(foundation == nil ? 0 : height)...].reversed().compactMap(\.tree?.path)
        let stack = OverlayStack(folders: OverlayStack.distinct(topFirst: folders), foundation: foundation)
        guard stack.isTooTall, foundation != nil else { return stack }
        // Whoever copies reads folders.
        let all = snapshot.layers.reversed().compactMap(\.tree?.path)
        return OverlayStack(folders: OverlayStack.distinct(topFirst: all))
    }

    /// The lowest layers as one mount; nil where the kernel cannot stack overlays, or not for us.
    private func foundation(_ snapshot: Snapshot, _ height: Int) async throws -> MountedTree? {
        let top = snapshot.layers[height - 1]
        if let made = top.foundation { return made }
        let known = stacking.load(ordering: .relaxed)
        if known == .refused { return nil }
        let trees = snapshot.layers[..<height].reversed().compactMap(\.tree?.path)
        let made = try? await BlockingThread.run {
            let mount = try DetachedOverlay.mount(
                lower: OverlayStack.distinct(topFirst: trees),
                upper: nil,
                work: nil
            )
            if known == .unknown {
                // Whether it can lie below another overlay, the kernel says only when that is made.
                _ = try DetachedOverlay.mount(
                    lower: [trees[0], DetachedOverlay.path(of: mount)],
                    upper: nil,
                    work: nil
                )
            }
            return MountedTree(mount)
        }
        stacking.store(made == nil ? .refused : .possible, ordering: .relaxed)
        top.foundation = made
        return made
    }

    /// The view of the tallest part of the stack that has one, and the number of its layers.
    private func known(_ snapshot: Snapshot, readingFiles: Bool) throws -> (SnapshotView, Int) {
        for (position, layer) in snapshot.layers.enumerated().reversed() {
            if let view = readingFiles ? layer.view : layer.nameView { return (view, position + 1) }
        }
        return (try SnapshotView(layers: []), 0)
    }

    private func tree(of layer: SnapshotLayer, over lower: SnapshotView) async throws -> LayerTree {
        if let tree = layer.tree { return tree }
        let packed = try await layer.packing.value()
        let tree = try await unpacking.value(for: packed.diffID) { [environment] in
            try await BlockingThread.run { try Self.unpack(packed, over: lower, environment) }
        }
        layer.tree = tree
        return tree
    }

    /// The names in the blob of a layer.
    private func index(of layer: SnapshotLayer) async throws -> LayerIndex {
        if let index = layer.index { return index }
        let packed = try await layer.packing.value()
        let blobs = environment.directory.blobs
        let index = try await BlockingThread.run { try LayerApplier.index(packed, from: blobs) }
        layer.index = index
        return index
    }

    /// The tree that is recorded, or a new one made from the blob.
    private static func unpack(
        _ packed: PackedLayer,
        over lower: SnapshotView,
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
        let tree = try LayerApplier.apply(
            packed,
            from: environment.directory.blobs,
            to: folder.appendingPath(id),
            lower: lower.isEmpty ? nil : lower
        )
        try database.saveIfAbsent(LayerRecord(diffID: packed.diffID, blob: packed.blob, created: WallClock.now))
        // When another process was faster, both trees are whole; ours goes with the session.
        let kept = try database.record(
            TreeRecord(id: id, bootID: environment.bootID),
            for: packed.diffID,
            replacing: recorded?.id
        )
        if kept?.id == id { environment.session.keepTree(id) }
        // Nobody trusts the tree of another boot, and its session is long gone: no sweep would find it.
        if let recorded, kept?.id == id { try environment.directory.removeTree(recorded.id, in: environment.session) }
        return tree
    }
}
