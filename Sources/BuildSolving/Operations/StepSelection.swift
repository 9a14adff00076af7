import BuildContexts
import BuildPlanning
import ByteStrings
import FileModel
import LinuxSystem
import OCIModel
import Synchronization

/// What a step reads from build contexts, as a digest that is part of its keys.
struct StepSelection: Sendable {
    let digest: Digest

    /// The files that were hashed; empty where nobody compares them with those that are used.
    var entries: [SelectedEntry] = []

    /// Their extended attributes, as a `Selection` has them.
    var attributes: [Int: [ByteString: [UInt8]]]?

    /// Hashes of files that were written too lately for their times to tell a change: their content is compared again.
    var unsettled: [FileID: ContentHash] = [:]

    /// What each source of an ADD gave, in the order of the sources; the files are theirs then.
    ///
    /// Whether a source is extracted is known only when its bytes are looked at, so each is compared by itself.
    var parts: [StepSelection] = []

    /// What the remote sources of an ADD were found to be, in the order of its sources.
    var fetched: [FetchedSource] = []

    /// The same for each path of a context that a command mounts.
    var bindings: [ContextPath: ContextBinding] = [:]

    /// What was hashed, as the selection of all of `sources`; nil where the destination makes it another one.
    ///
    /// The packer makes sure of each file and link that it still is the one that was hashed, so the context need not be
    /// walked through again.
    func selection(of sources: [SelectionSource], destinationIsDirectory: Bool) -> Selection? {
        guard destinationIsDirectory || sources.allSatisfy({ $0.entry.kind == .directory }) else { return nil }
        var selection = Selection(entries: entries, form: .directory)
        selection.attributes = attributes
        return selection
    }

    /// Makes sure that a context still has what was hashed, for what is made of it is stored under that hash.
    ///
    /// - Throws: `ContextError.changedDuringBuild`.
    func check(all used: [SelectedEntry]) throws {
        for (hashed, used) in zip(entries, used) where !hashed.isSame(as: used) {
            throw ContextError.changedDuringBuild(used.source)
        }
        guard entries.count != used.count else { return }
        let rest = entries.count > used.count ? entries[used.count...] : used[entries.count...]
        throw ContextError.changedDuringBuild(rest.first?.source ?? "")
    }

    /// The same for files of which others do not matter: of several onto one name the last is left.
    ///
    /// - Throws: `ContextError.changedDuringBuild`.
    func check(some used: [SelectedEntry]) throws {
        for entry in used where !entries.contains(where: { $0.isSame(as: entry) }) {
            throw ContextError.changedDuringBuild(entry.source)
        }
    }

    /// Makes sure that files whose times could not tell a change still have the bytes that were hashed.
    ///
    /// - Throws: `ContextError.changedDuringBuild`.
    func checkUnsettled(in tree: any FileTree) throws {
        let files = unsettled.isEmpty ? [] : entries.filter { unsettled[$0.entry.fileID] != nil }
        if files.isEmpty { return }
        let now = try ContentHasher().hash(Selection(entries: files, form: .directory), in: tree, keepingOwners: false)
        for (file, hash) in zip(files, now.contents) where hash != unsettled[file.entry.fileID] {
            throw ContextError.changedDuringBuild(file.source)
        }
    }
}

/// What a copy selects from a stage, which is found out once at most: its files are all read for that.
final class StageSelection: Sendable {
    private let value = Mutex<StepSelection?>(nil)

    /// Nil as long as nobody had to know.
    var known: StepSelection? { value.withLock { $0 } }

    func keep(_ selection: StepSelection) { value.withLock { $0 = selection } }
}

extension BuildSolver {
    /// The digest of what a step selects from contexts and other machines; nil when it reads neither.
    func selection(of step: Step) async throws -> StepSelection? {
        switch step.operation {
        case .copy(let copy):
            let paths = try await selectedPaths(of: copy)
            if copy.remotes.isEmpty { return paths }
            var fetched: [FetchedSource] = []
            for remote in copy.remotes { fetched.append(try await FetchedSource.find(remote, environment.remotes)) }
            var digester = Digester()
            for text in [paths?.digest.description ?? "-"] + fetched.map(\.key) {
                digester.update(Array("\(text)\n".utf8))
            }
            var selection = StepSelection(digest: digester.finalize())
            selection.parts = paths?.parts ?? []
            selection.fetched = fetched
            return selection
        case .exec(let exec):
            var digester = Digester()
            var bindings: [ContextPath: ContextBinding] = [:]
            for mount in exec.mounts {
                guard case .bind(let bind) = mount.kind, case .context(let name) = bind.origin else { continue }
                let folder = try await environment.contexts.folder(name)
                // A pattern does not follow links behind its first escaped character; the way without links has none.
                let resolved = try await BlockingThread.run { try folder.tree.resolve(bind.source) }
                let paths = PathSelection(patterns: [(resolved ?? bind.source).escapedPattern])
                let selected = try await hash(paths, in: folder.tree, folder.hashes, keepingOwners: false)
                digester.update(Array(selected.digest.description.utf8))
                let path = ContextPath(context: name, path: bind.source)
                bindings[path] = ContextBinding(paths: paths, selection: selected)
            }
            return bindings.isEmpty ? nil : StepSelection(digest: digester.finalize(), bindings: bindings)
        case .image, .makeDirectory: return nil
        }
    }

    /// What a copy selects from a context; nil for a copy from elsewhere.
    private func selectedPaths(of copy: CopyOperation) async throws -> StepSelection? {
        guard case .context(let name) = copy.origin, copy.sources.contains(where: \.isPath) else { return nil }
        let folder = try await environment.contexts.folder(name)
        let paths = try copy.pathSelection
        guard copy.isAdd else {
            return try await hash(paths, in: folder.tree, folder.hashes, keepingOwners: false)
        }
        var parts: [StepSelection] = []
        var digester = Digester()
        for source in try await BlockingThread.run({ try paths.sources(in: folder.tree) }) {
            let selection = try await BlockingThread.run {
                try paths.select([source], from: folder.tree, destinationIsDirectory: true)
            }
            let part = try await hash(selection, of: [source], in: folder.tree, folder.hashes, keepingOwners: false)
            digester.update(Array(part.digest.description.utf8))
            parts.append(part)
        }
        return StepSelection(digest: digester.finalize(), parts: parts)
    }

    /// The digest of what a copy selects from a stage or an image.
    func selection(of copy: CopyOperation, from snapshot: Snapshot) async throws -> StepSelection {
        let view = try await trees.view(of: snapshot, readingFiles: true)
        let hashes = try environment.contexts.treeHashes()
        return try await hash(try copy.pathSelection, in: view, hashes, keepingOwners: true)
    }

    private func hash(
        _ paths: PathSelection,
        in tree: any FileTree,
        _ cache: FileHashCache?,
        keepingOwners: Bool
    ) async throws -> StepSelection {
        // One hand-over to another thread for both: a build that finds everything done consists of little else.
        let (sources, selection) = try await BlockingThread.run {
            let sources = try paths.sources(in: tree)
            return (sources, try paths.select(sources, from: tree, destinationIsDirectory: true))
        }
        return try await hash(selection, of: sources, in: tree, cache, keepingOwners: keepingOwners)
    }

    /// `selection` counts names as if the destination were a directory: whether it is one, the key must not depend on.
    private func hash(
        _ selection: Selection,
        of sources: [SelectionSource],
        in tree: any FileTree,
        _ cache: FileHashCache?,
        keepingOwners: Bool
    ) async throws -> StepSelection {
        let hashed = try await ContentHasher(cache: cache).hash(
            selection,
            in: tree,
            keepingOwners: keepingOwners,
            threads: Host.processorCount
        )
        var digester = Digester()
        digester.update(Array(hashed.digest.description.utf8))
        // A file and a directory with an equal file of that name give the same in a directory, and not elsewhere.
        digester.update(sources.map { $0.entry.kind == .directory ? UInt8(ascii: "/") : UInt8(ascii: "-") })
        return StepSelection(
            digest: digester.finalize(),
            entries: selection.entries,
            attributes: hashed.attributes,
            unsettled: hashed.unsettled
        )
    }
}

extension SelectedEntry {
    /// Whether nobody changed the file between two looks; what is in a directory has entries of its own.
    func isSame(as other: SelectedEntry) -> Bool {
        guard source == other.source, entry.kind == other.entry.kind, entry.permissions == other.entry.permissions
        else {
            return false
        }
        return entry.kind == .directory
            || entry.size == other.entry.size && entry.modified == other.entry.modified
                && entry.changed == other.entry.changed && entry.fileID == other.entry.fileID
    }
}

extension CopyOperation {
    /// All paths and the flags as a selection.
    var pathSelection: PathSelection {
        get throws {
            try pathSelection(
                of: sources.compactMap { source in
                    if case .path(let pattern) = source { pattern } else { nil }
                }
            )
        }
    }

    /// Some paths and the flags as a selection.
    func pathSelection(of patterns: [ByteString]) throws -> PathSelection {
        PathSelection(patterns: patterns, parents: keepsParents, excluded: try IgnoreMatcher(flags: excludes))
    }

    /// The sources on other machines, in order.
    var remotes: [RemoteSource] {
        sources.compactMap { source in
            if case .remote(let remote) = source { remote } else { nil }
        }
    }
}

extension ByteString {
    /// The path as a pattern that matches it and nothing else.
    var escapedPattern: ByteString {
        var escaped: [UInt8] = []
        for byte in bytes {
            if [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\")].contains(byte) {
                escaped.append(UInt8(ascii: "\\"))
            }
            escaped.append(byte)
        }
        return ByteString(escaped)
    }
}
