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

    /// How many parts of what was hashed were compared.
    private var comparedParts = 0

    /// Starts with nothing; what the origin gives must be what was `hashed`.
    init(_ copy: CopyOperation, options: CopyOptions, packer: consuming CopyPacker, hashed: StepSelection?) {
        self.copy = copy
        self.options = options
        self.packer = packer
        self.hashed = hashed
    }

    /// Adds what paths of the origin lead to.
    mutating func add(_ patterns: [ByteString], of tree: any FileTree) throws {
        if patterns.isEmpty { return }
        let paths = try copy.pathSelection(of: patterns)
        let sources = try paths.sources(in: tree)
        guard copy.isAdd else { return try add(sources, of: paths, in: tree, hashed) }
        for source in sources {
            let part = try nextPart(source)
            if copy.unpacking == .ifArchive, try extract(source, of: tree, part) { continue }
            try add([source], of: paths, in: tree, part)
        }
    }

    /// Adds what was fetched.
    mutating func add(_ remote: RemoteSource, _ found: CopyLayer.Remote) throws {
        let paths = try copy.pathSelection(of: [found.path])
        for source in try paths.sources(in: found.tree) {
            if remote.isUnpacked, try extract(source, of: found.tree, nil) { continue }
            try add([source], of: paths, in: found.tree, nil)
        }
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

    /// Makes sure that there were as many sources as were hashed.
    ///
    /// - Throws: `ContextError.changedDuringBuild`.
    func checkWhole() throws {
        guard let parts = hashed?.parts, comparedParts < parts.count else { return }
        throw ContextError.changedDuringBuild(parts[comparedParts].entries.first?.source ?? "")
    }

    /// What was hashed of the next source of an ADD; nil when nothing was.
    private mutating func nextPart(_ source: SelectionSource) throws -> StepSelection? {
        guard let parts = hashed?.parts else { return nil }
        guard comparedParts < parts.count else { throw ContextError.changedDuringBuild(source.path) }
        comparedParts += 1
        return parts[comparedParts - 1]
    }

    private mutating func add(
        _ sources: [SelectionSource],
        of paths: PathSelection,
        in tree: any FileTree,
        _ hashed: StepSelection?
    ) throws {
        if sources.isEmpty { return }
        let isDirectory = try packer.isDirectory(copy.destination)
        let known = hashed?.selection(of: sources, destinationIsDirectory: isDirectory)
        let selection = try known ?? paths.select(sources, from: tree, destinationIsDirectory: isDirectory)
        if known == nil { try hashed?.check(some: selection.entries) }
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

    /// Extracts a source that is an archive; false when it is to be copied as it is.
    private mutating func extract(
        _ source: SelectionSource,
        of tree: any FileTree,
        _ hashed: StepSelection?
    ) throws -> Bool {
        guard source.entry.kind == .regular else { return false }
        let file = try tree.open(source.path)
        guard ArchiveFormat.detect(.descriptor(file.rawValue)) != nil else { return false }
        let hashed = tree.isLive ? hashed : nil
        try Self.check(file, source, hashed)
        try file.seek(to: 0)
        let archive = try ArchiveReader(.descriptor(file.rawValue))
        // The archive says whose its files are, unless the instruction does.
        var options = options
        if copy.owner == nil { options.owner = nil }
        try packer.unpack(archive, to: copy.destination, options: options)
        newest = max(newest, source.entry.modified)
        // Whoever wrote to it meanwhile has changed its times, or the bytes where those could not tell.
        try Self.check(file, source, hashed)
        try hashed?.checkUnsettled(in: tree)
        return true
    }

    /// Makes sure that an open file is the one that was hashed.
    private static func check(
        _ file: borrowing OwnedDescriptor,
        _ source: SelectionSource,
        _ hashed: StepSelection?
    ) throws {
        guard let hashed else { return }
        let opened = SelectedEntry(source: source.path, destination: "", entry: TreeEntry(try file.status()))
        try hashed.check(some: [opened])
    }
}
