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
    private let unsettled: [ByteString: ContentHash]
    var packer: CopyPacker

    /// The time of the newest file so far.
    private(set) var newest = Timestamp.epoch

    /// What was taken from the origin so far; nil when it is not to be compared with what was hashed.
    private(set) var contextEntries: [SelectedEntry]? = []

    init(
        _ copy: CopyOperation,
        options: CopyOptions,
        packer: consuming CopyPacker,
        unsettled: [ByteString: ContentHash]
    ) {
        self.copy = copy
        self.options = options
        self.packer = packer
        self.unsettled = unsettled
    }

    /// Adds what paths of the origin lead to.
    mutating func add(_ patterns: [ByteString], of tree: any FileTree) throws {
        if patterns.isEmpty { return }
        let paths = try copy.pathSelection(of: patterns)
        let entries = try add(paths, of: tree, copy.unpacking)
        if contextEntries?.isEmpty == true {
            contextEntries = entries
        } else if let entries {
            contextEntries?.append(contentsOf: entries)
        } else {
            contextEntries = nil
        }
    }

    /// Adds what was fetched.
    mutating func add(_ remote: RemoteSource, _ found: CopyLayer.Remote) throws {
        let paths = try copy.pathSelection(of: [found.path])
        _ = try add(paths, of: found.tree, remote.isUnpacked ? .ifArchive : .never)
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

    /// What was selected; nil when it is not all that the paths lead to.
    private mutating func add(
        _ paths: PathSelection,
        of tree: any FileTree,
        _ unpacking: CopyOperation.Unpacking
    ) throws -> [SelectedEntry]? {
        var sources = try paths.sources(in: tree)
        var isWhole = true
        if unpacking != .never {
            var files: [SelectionSource] = []
            for source in sources {
                if try extract(source, of: tree, unpacking) { isWhole = false } else { files.append(source) }
            }
            sources = files
        }
        if sources.isEmpty { return isWhole ? [] : nil }
        let isDirectory = try packer.isDirectory(copy.destination)
        let selection = try paths.select(sources, from: tree, destinationIsDirectory: isDirectory)
        for selected in selection.entries where selected.entry.kind != .directory {
            newest = max(newest, selected.entry.modified)
        }
        try packer.copy(selection, from: tree, to: copy.destination, options: options, unsettled: unsettled)
        // Several files onto one name leave the last of them, where the keys have all.
        return isWhole && (isDirectory || sources.count == 1) ? selection.entries : nil
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
