import BuildContexts
import BuildPlanning
import ByteStrings
import FileModel
import LayerSnapshots
import LinuxSystem
import TarArchive

/// The sources of one COPY or ADD on their way into a layer.
struct CopyWork: ~Copyable {
    private let copy: CopyOperation
    private let options: CopyOptions
    private let hashed: StepSelection?
    var packer: CopyPacker

    /// The time of the newest file so far.
    private(set) var newest = Timestamp.epoch

    /// Starts with nothing; what the origin gives must be what was `hashed`, archives that are extracted excepted.
    init(_ copy: CopyOperation, options: CopyOptions, packer: consuming CopyPacker, hashed: StepSelection?) {
        self.copy = copy
        self.options = options
        self.packer = packer
        self.hashed = hashed
    }

    /// Adds what paths of the origin lead to.
    mutating func add(_ patterns: [ByteString], of tree: any FileTree) throws {
        if patterns.isEmpty { return }
        let isWhole = patterns.count == copy.sources.count(where: \.isPath)
        try add(
            try copy.pathSelection(of: patterns),
            of: tree,
            copy.unpacking,
            comparison: hashed.map { isWhole ? .whole($0) : .part($0) }
        )
    }

    /// Adds what was fetched.
    mutating func add(_ remote: RemoteSource, _ found: CopyLayer.Remote) throws {
        let paths = try copy.pathSelection(of: [found.path])
        try add(paths, of: found.tree, remote.isUnpacked ? .ifArchive : .never, comparison: nil)
    }

    /// Adds a heredoc.
    mutating func add(_ file: InlineFile) throws {
        try packer.write(
            file.content.bytes,
            named: file.name,
            permissions: file.permissions,
            to: copy.destination,
            options: options
        )
    }

    private mutating func add(
        _ paths: PathSelection,
        of tree: any FileTree,
        _ unpacking: CopyOperation.Unpacking,
        comparison: Comparison?
    ) throws {
        var sources = try paths.sources(in: tree)
        var comparison = comparison
        if unpacking != .never {
            var files: [SelectionSource] = []
            for source in sources {
                if try !extract(source, of: tree, unpacking) { files.append(source) }
            }
            if files.count < sources.count { comparison = comparison?.part }
            sources = files
        }
        if sources.isEmpty { return }
        let isDirectory = try packer.isDirectory(copy.destination)
        let known = comparison?.selection(of: sources, destinationIsDirectory: isDirectory)
        let selection = try known ?? paths.select(sources, from: tree, destinationIsDirectory: isDirectory)
        if known == nil, isDirectory || sources.count == 1 { try comparison?.check(selection.entries) }
        for selected in selection.entries where selected.entry.kind != .directory {
            newest = max(newest, selected.entry.modified)
        }
        let unsettled = comparison == nil ? [:] : hashed?.unsettled ?? [:]
        try packer.copy(selection, from: tree, to: copy.destination, options: options, unsettled: unsettled)
    }

    /// What was hashed, beside what is copied now.
    private enum Comparison {
        /// All of it is copied now.
        case whole(StepSelection)

        /// Some of it is: the rest is extracted, or comes behind something remote.
        case part(StepSelection)

        var part: Comparison {
            switch self {
            case .whole(let hashed), .part(let hashed): .part(hashed)
            }
        }

        func selection(of sources: [SelectionSource], destinationIsDirectory: Bool) -> Selection? {
            guard case .whole(let hashed) = self else { return nil }
            return hashed.selection(of: sources, destinationIsDirectory: destinationIsDirectory)
        }

        /// - Throws: `ContextError.changedDuringBuild`.
        func check(_ used: [SelectedEntry]) throws {
            switch self {
            case .whole(let hashed): try hashed.check(used)
            case .part(let hashed): try hashed.check(some: used)
            }
        }
    }

    /// Extracts a source that is an archive; false when it is to be copied as it is.
    private mutating func extract(
        _ source: SelectionSource,
        of tree: any FileTree,
        _ unpacking: CopyOperation.Unpacking
    ) throws -> Bool {
        guard source.entry.kind == .regular else { return false }
        let file = try tree.open(source.path)
        guard ArchiveFormat.detect(.descriptor(file.rawValue)) != nil else {
            if unpacking == .always {
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
        newest = max(newest, source.entry.modified)
        return true
    }
}
