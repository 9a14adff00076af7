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
    func check(_ used: [SelectedEntry]) throws {
        for (hashed, used) in zip(entries, used) where !hashed.isSame(as: used) {
            throw ContextError.changedDuringBuild(used.source)
        }
        guard entries.count != used.count else { return }
        let rest = entries.count > used.count ? entries[used.count...] : used[entries.count...]
        throw ContextError.changedDuringBuild(rest.first?.source ?? "")
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
    /// The digest of what a step selects from contexts; nil when it reads none.
    func selection(of step: Step) async throws -> StepSelection? {
        switch step.operation {
        case .copy(let copy):
            guard case .context(let name) = copy.origin, copy.sources.contains(where: \.isPath) else { return nil }
            let folder = try environment.contexts.folder(name)
            let paths = try copy.pathSelection
            let selected = try await hash(paths, in: folder.tree, folder.hashes, keepingOwners: false)
            return StepSelection(
                digest: selected.digest,
                entries: selected.selection.entries,
                attributes: selected.selection.attributes,
                unsettled: selected.unsettled
            )
        case .exec(let exec):
            var digester = Digester()
            var bindings: [ContextPath: ContextBinding] = [:]
            for mount in exec.mounts {
                guard case .bind(let bind) = mount.kind, case .context(let name) = bind.origin else { continue }
                let folder = try environment.contexts.folder(name)
                // A pattern does not follow links behind its first escaped character; the way without links has none.
                let resolved = try await BlockingThread.run { try folder.tree.resolve(bind.source) }
                let paths = PathSelection(patterns: [(resolved ?? bind.source).escapedPattern])
                let selected = try await hash(paths, in: folder.tree, folder.hashes, keepingOwners: false)
                digester.update(Array(selected.digest.description.utf8))
                bindings[ContextPath(context: name, path: bind.source)] = ContextBinding(
                    paths: paths,
                    selection: StepSelection(
                        digest: selected.digest,
                        entries: selected.selection.entries,
                        unsettled: selected.unsettled
                    )
                )
            }
            return bindings.isEmpty ? nil : StepSelection(digest: digester.finalize(), bindings: bindings)
        case .image, .makeDirectory: return nil
        }
    }

    /// The digest of what a copy selects from a stage or an image.
    func selection(of copy: CopyOperation, from snapshot: Snapshot) async throws -> StepSelection {
        let view = try await trees.view(of: snapshot, readingFiles: true)
        let hashes = try environment.contexts.treeHashes()
        let selected = try await hash(try copy.pathSelection, in: view, hashes, keepingOwners: true)
        return StepSelection(
            digest: selected.digest,
            entries: selected.selection.entries,
            attributes: selected.selection.attributes
        )
    }

    /// Names count as if the destination were a directory: whether it is one, the key must not depend on.
    private func hash(
        _ paths: PathSelection,
        in tree: any FileTree,
        _ cache: FileHashCache?,
        keepingOwners: Bool
    ) async throws -> (digest: Digest, selection: Selection, unsettled: [FileID: ContentHash]) {
        var selection = try await BlockingThread.run { try paths.select(from: tree, destinationIsDirectory: true) }
        let hashed = try await ContentHasher(cache: cache).hash(
            selection,
            in: tree,
            keepingOwners: keepingOwners,
            threads: Host.processorCount
        )
        selection.attributes = hashed.attributes
        return (hashed.digest, selection, hashed.unsettled)
    }
}

extension SelectedEntry {
    /// Whether nobody changed the file between two looks; what is in a directory has entries of its own.
    fileprivate func isSame(as other: SelectedEntry) -> Bool {
        guard source == other.source, entry.kind == other.entry.kind, entry.permissions == other.entry.permissions
        else {
            return false
        }
        return entry.kind == .directory
            || entry.size == other.entry.size && entry.modified == other.entry.modified
                && entry.fileID == other.entry.fileID
    }
}

extension CopyOperation {
    /// The paths and flags as a selection.
    var pathSelection: PathSelection {
        get throws {
            let patterns: [ByteString] = sources.compactMap { source in
                if case .path(let pattern) = source { pattern } else { nil }
            }
            return PathSelection(
                patterns: patterns,
                parents: keepsParents,
                excluded: try IgnoreMatcher(flags: excludes)
            )
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
