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

    /// Selects, and writes the layer; everything on the calling thread.
    ///
    /// What a context gives must be what was `hashed`, archives that are extracted excepted.
    static func make(
        _ copy: CopyOperation,
        of hashed: StepSelection?,
        from tree: any FileTree,
        over parent: SnapshotView?,
        options: CopyOptions,
        _ environment: SolverEnvironment
    ) throws -> CopyLayer {
        var packer = try CopyPacker(over: parent, spoolFolder: environment.session.path)
        var newest = Timestamp.epoch
        let paths = try copy.pathSelection
        if !paths.patterns.isEmpty {
            var sources = try paths.sources(in: tree)
            var isWhole = true
            if copy.unpacking != .never {
                sources = try sources.filter { source in
                    guard try extract(source, of: tree, copy, options, into: &packer) else { return true }
                    newest = max(newest, source.entry.modified)
                    isWhole = false
                    return false
                }
            }
            if !sources.isEmpty {
                let isDirectory = try packer.isDirectory(copy.destination)
                let known = isWhole ? hashed?.selection(of: sources, destinationIsDirectory: isDirectory) : nil
                let selection =
                    try known ?? paths.select(sources, from: tree, destinationIsDirectory: isDirectory)
                // Several files onto one name leave the last of them, where the keys have all.
                if known == nil, isWhole, isDirectory || sources.count == 1 { try hashed?.check(selection.entries) }
                for selected in selection.entries where selected.entry.kind != .directory {
                    newest = max(newest, selected.entry.modified)
                }
                try packer.copy(
                    selection,
                    from: tree,
                    to: copy.destination,
                    options: options,
                    unsettled: hashed?.unsettled ?? [:]
                )
            }
        }
        for source in copy.sources {
            guard case .inline(let file) = source else { continue }
            try packer.write(
                file.content.bytes,
                named: file.name,
                permissions: file.permissions,
                to: copy.destination,
                options: options
            )
        }
        let writer = try LayerWriter(into: environment.directory.blobs.writer(in: environment.session))
        let index = try packer.pack(into: writer)
        return CopyLayer(packed: try writer.finish(), index: index, newest: newest)
    }

    /// Extracts a source that is an archive; false when it is to be copied as it is.
    private static func extract(
        _ source: SelectionSource,
        of tree: any FileTree,
        _ copy: CopyOperation,
        _ options: CopyOptions,
        into packer: inout CopyPacker
    ) throws -> Bool {
        guard source.entry.kind == .regular else { return false }
        let file = try tree.open(source.path)
        guard ArchiveFormat.detect(.descriptor(file.rawValue)) != nil else {
            if copy.unpacking == .always {
                throw SolveFailure("`\(source.path)` is not an archive, and --unpack asks for one")
            }
            return false
        }
        try file.seek(to: 0)
        let archive = try ArchiveReader(.descriptor(file.rawValue))
        // The archive says whose its files are, unless the instruction does.
        var options = options
        if copy.owner == nil { options.owner = nil }
        try packer.unpack(archive, to: copy.destination, options: options)
        return true
    }
}
