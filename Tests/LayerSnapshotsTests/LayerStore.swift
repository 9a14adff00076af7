import BuildContexts
import ByteStrings
import ContentStorage
import FileModel
import Foundation
import LayerSnapshots
import LinuxSystem
import OCIModel
import TestSupport

/// A store for the layers of one test, and a folder for its trees.
final class LayerStore {
    let folder: TemporaryFolder
    let state: StateDirectory
    let session: Session
    private var names = 0

    init() throws {
        folder = try TemporaryFolder()
        state = try StateDirectory.open(ByteString(folder.url.appendingPathComponent("state").path))
        session = try state.makeSession()
    }

    var path: ByteString { ByteString(folder.url.path) }

    /// A path in the folder that nothing has yet.
    func newPath() -> ByteString {
        names += 1
        return path.appendingPath(ByteString("d\(names)"))
    }

    /// A new empty directory in the folder.
    func newDirectory() throws -> ByteString {
        let path = newPath()
        _ = try OwnedDescriptor.makeDirectories(path, permissions: 0o755)
        return path
    }

    func writer() throws -> LayerWriter {
        try LayerWriter(into: state.blobs.writer(in: session))
    }

    func pack(upper: ByteString) throws -> PackedLayer {
        let layer = try writer()
        try UpperPacker.pack(upper, into: layer)
        return try layer.finish()
    }

    func apply(_ layer: PackedLayer, lower: (any FileTree)? = nil) throws -> LayerTree {
        try LayerApplier.apply(layer, from: state.blobs, to: newPath(), lower: lower)
    }

    func index(_ layer: PackedLayer) throws -> LayerIndex {
        try LayerApplier.index(layer, from: state.blobs)
    }

    /// Stores an archive that is at hand as a layer.
    func store(tar bytes: [UInt8]) throws -> PackedLayer {
        let stored = try state.blobs.put(bytes, in: session)
        return PackedLayer(
            diffID: DiffID(.sha256(of: bytes)),
            blob: Descriptor(mediaType: .layerTar, digest: stored.digest, size: stored.size)
        )
    }

    /// What `body` does to the merge of `lower`, the top one first, as an upper directory with settled times.
    func change(
        _ lower: [LayerTree],
        epoch: Timestamp = Timestamp(seconds: 1000),
        _ body: (borrowing OwnedDescriptor) throws -> Void
    ) throws -> ByteString {
        let (upper, work, empty) = (try newDirectory(), try newDirectory(), try newDirectory())
        let start = WallClock.fileTime
        let mount = try DetachedOverlay.mount(lower: lower.map(\.path) + [empty], upper: upper, work: work)
        try body(mount)
        try mount.close()
        try TimeSettler.settle(upper: upper, notBefore: start, to: epoch)
        return upper
    }

    /// What the kernel makes of trees, the top one first.
    func merged(_ trees: [LayerTree], contents: Bool = true) throws -> [String] {
        let empty = try newDirectory()
        let mount = try DetachedOverlay.mount(lower: trees.map(\.path) + [empty], upper: nil, work: nil)
        let path = ByteString("/proc/self/fd/\(mount.rawValue)")
        let listing = try TreeListing.of(SnapshotView(layers: [.tree(LayerTree(path: path))]), contents: contents)
        withExtendedLifetime(mount) {}
        return listing
    }
}

extension OwnedDescriptor {
    /// Writes a file at a path below this directory.
    borrowing func write(_ text: String, to path: ByteString, permissions: UInt16 = 0o644) throws {
        let file = try open(
            path,
            [.writeOnly, .create, .truncate, .nonBlocking],
            permissions: permissions,
            resolving: .beneathWithoutLinks
        )
        try file.write(Array(text.utf8))
        try file.setPermissions(permissions)
    }

    /// Makes a directory at a path below this directory.
    borrowing func make(directory path: ByteString, permissions: UInt16 = 0o755) throws {
        let parent = try self.parent(of: path)
        try parent.makeDirectory(path.lastPathComponent, permissions: permissions)
        try parent.setPermissions(permissions, of: path.lastPathComponent)
    }

    /// The open directory that has the last component of a path below this directory.
    borrowing func parent(of path: ByteString) throws -> OwnedDescriptor {
        try open(path.pathComponents.dropLast().joinedAsPath, .directory, resolving: .beneathWithoutLinks)
    }
}
