import BuildContexts
import BuildPlanning
import ByteStrings
import LinuxSystem
import OCIModel

/// What a step reads from build contexts, as a digest that is part of its keys.
struct StepSelection: Sendable {
    let digest: Digest
}

extension BuildSolver {
    /// The digest of what a step selects from contexts; nil when it reads none.
    func selection(of step: Step) async throws -> StepSelection? {
        switch step.operation {
        case .copy(let copy):
            guard case .context(let name) = copy.origin, copy.sources.contains(where: \.isPath) else { return nil }
            let folder = try environment.contexts.folder(name)
            return try await hash(try copy.pathSelection, in: folder.tree, folder.hashes, keepingOwners: false)
        case .exec(let exec):
            var digester = Digester()
            var isUsed = false
            for mount in exec.mounts {
                guard case .bind(let bind) = mount.kind, case .context(let name) = bind.origin else { continue }
                isUsed = true
                let folder = try environment.contexts.folder(name)
                let paths = PathSelection(patterns: [bind.source.escapedPattern])
                let selected = try await hash(paths, in: folder.tree, folder.hashes, keepingOwners: false)
                digester.update(Array(selected.digest.description.utf8))
            }
            return isUsed ? StepSelection(digest: digester.finalize()) : nil
        case .image, .makeDirectory: return nil
        }
    }

    /// The digest of what a copy selects from a stage or an image.
    func selection(of copy: CopyOperation, from snapshot: Snapshot) async throws -> StepSelection {
        let view = try await trees.view(of: snapshot, readingFiles: true)
        return try await hash(try copy.pathSelection, in: view, nil, keepingOwners: true)
    }

    /// Names count as if the destination were a directory: whether it is one, the key must not depend on.
    private func hash(
        _ paths: PathSelection,
        in tree: any FileTree,
        _ cache: FileHashCache?,
        keepingOwners: Bool
    ) async throws -> StepSelection {
        let selection = try await BlockingThread.run { try paths.select(from: tree, destinationIsDirectory: true) }
        let hashed = try await ContentHasher(cache: cache).hash(
            selection,
            in: tree,
            keepingOwners: keepingOwners,
            threads: Host.processorCount
        )
        return StepSelection(digest: hashed.digest)
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
