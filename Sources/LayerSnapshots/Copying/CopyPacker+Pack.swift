import BuildContexts
import ByteStrings
import FileModel
import LinuxSystem
import TarArchive

extension CopyPacker {
    /// Writes the layer, parents before what is below them and siblings in ascending order of bytes.
    ///
    /// The caller ends `layer`, unless this throws. The index stands for the layer until its blob is unpacked.
    ///
    /// - Throws: ``LayerError/changedDuringBuild(_:)``; ``LayerError/needsTree(layer:)`` when a tree that files are read
    ///   from is a view without these files; what reading and writing fail with.
    package consuming func pack(into layer: LayerWriter) throws -> LayerIndex {
        let index = draft.finish()
        let copier = ContentCopier()
        var firstNames: [Int32: ByteString] = [:]
        var stack = PathStack()
        var levels = [sortedNames(of: 0, in: index)]
        while let last = levels.indices.last {
            guard let (name, number) = levels[last].popLast() else {
                levels.removeLast()
                stack.leave()
                continue
            }
            let path = stack.path(of: name)
            let node = index.nodes[number]
            guard let kind = TarEntryKind(node.kind) else { continue }
            var entry = TarEntry(
                path: path,
                kind: kind,
                attributes: node.attributes,
                size: node.size,
                linkTarget: node.linkTarget,
                device: node.device
            )
            if let first = firstNames[node.file] {
                entry.kind = .hardLink
                entry.linkTarget = first
                entry.size = 0
                entry.attributes.extendedAttributes = [:]
                try layer.append(entry)
                continue
            }
            if index.linkCounts[node.file] != nil { firstNames[node.file] = path }
            switch node.kind {
            case .directory:
                try layer.append(entry)
                if node.isOpaque { try layer.append(.opaqueMarker(in: path)) }
                stack.enter(name)
                levels.append(sortedNames(of: number, in: index))
            case .regular:
                try write(entry, origins[node.file], expected[node.file], through: copier, to: layer)
            default:
                try layer.append(entry)
            }
        }
        return index
    }

    private func write(
        _ entry: TarEntry,
        _ origin: ContentOrigin?,
        _ expected: ContentHash?,
        through copier: ContentCopier,
        to layer: LayerWriter
    ) throws {
        switch origin {
        case .tree(let number, let source):
            guard let tree = tree(number) else { throw LayerError.notFound(source.path) }
            let file = try tree.openFile(source.path)
            let status = file.status
            guard status.size == entry.size else { throw LayerError.changedDuringBuild(source.path) }
            try layer.append(entry)
            try copier.copyContent(
                file.descriptor,
                size: entry.size,
                hasHoles: status.allocatedSize < status.size,
                path: source.path,
                to: layer
            )
        case .live(let number, let source, let id, let changed):
            guard let tree = tree(number) else { throw LayerError.notFound(source.path) }
            let file = try open(source.path, in: tree)
            let status = file.status
            guard status.size == entry.size, status.modified == entry.attributes.modified, status.changed == changed,
                FileID(device: status.device, inode: status.inode) == id
            else { throw LayerError.changedDuringBuild(source.path) }
            try layer.append(entry)
            try copier.copy(live: file, expecting: expected, path: source.path, to: layer)
        case .bytes(let bytes):
            try layer.append(entry)
            try bytes.withUnsafeBytes { try layer.write(content: $0) }
        case .spool(let offset):
            try layer.append(entry)
            try spool.copy(from: offset, size: entry.size, path: entry.path, through: copier, to: layer)
        case nil:
            try layer.append(entry)
        }
    }

    /// Opens a file that was there when it was selected.
    private func open(_ source: ByteString, in tree: any FileTree) throws -> OpenedFile {
        do {
            return try tree.openFile(source)
        } catch is ContextError {
            throw LayerError.changedDuringBuild(source)
        }
    }

    /// The entries of a directory, the last one first.
    private func sortedNames(of node: Int, in index: LayerIndex) -> [(name: ByteString, node: Int)] {
        index.nodes[node].children.sorted { $0.key > $1.key }.map { ($0.key, Int($0.value)) }
    }
}
