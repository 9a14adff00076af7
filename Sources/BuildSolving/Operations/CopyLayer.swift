import BuildContexts
import BuildPlanning
import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem
import TarArchive

/// The layer of one COPY or ADD.
struct CopyLayer: Sendable {
    let packed: PackedLayer
    let index: LayerIndex

    /// The time of the newest file that was copied.
    let newest: Timestamp

    /// A file system that a remote source is, and the path in it that is meant.
    struct Remote: Sendable {
        let tree: any FileTree
        let path: ByteString
    }

    /// Selects, and writes the layer; everything on the calling thread.
    ///
    /// `remotes` are the remote sources in their order. What a context gives must be what was `hashed`, archives that are
    /// extracted excepted.
    static func make(
        _ copy: CopyOperation,
        of hashed: StepSelection?,
        from tree: any FileTree,
        remotes: [Remote],
        over parent: SnapshotView?,
        options: CopyOptions,
        _ environment: SolverEnvironment
    ) throws -> CopyLayer {
        var work = CopyWork(
            copy,
            options: options,
            packer: try CopyPacker(over: parent, spoolFolder: environment.session.path),
            hashed: hashed
        )
        var fetched = remotes.makeIterator()
        var paths: [ByteString] = []
        for source in copy.sources {
            if case .path(let path) = source {
                paths.append(path)
                continue
            }
            try work.add(paths, of: tree)
            paths = []
            if case .inline(let file) = source { try work.add(file) }
            if case .remote(let remote) = source, let found = fetched.next() { try work.add(remote, found) }
        }
        try work.add(paths, of: tree)
        try work.checkWhole()
        let writer = try LayerWriter(into: environment.directory.blobs.writer(in: environment.session))
        let index = try work.packer.pack(into: writer)
        return CopyLayer(packed: try writer.finish(), index: index, newest: work.newest)
    }
}
