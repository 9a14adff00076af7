package import BuildContexts
package import ByteStrings
import FileModel
package import LinuxSystem
import Synchronization

/// The file system that a stack of layers makes, merged without a mount.
///
/// A layer is a tree on disk or only an index of its names; with an index everything but the bytes of files is there.
/// Nothing in a layer leads out of it: names are looked up one at a time, below directories that are open.
package final class SnapshotView: FileTree {
    /// One layer of the stack.
    package enum Layer: Sendable {
        case tree(LayerTree)
        case index(LayerIndex)
    }

    private struct Cache {
        var directories: [ByteString: MergedDirectory] = [:]
        var descriptors = 0
    }

    private let indices: [LayerIndex?]
    private let root: MergedDirectory
    private let cache = Mutex(Cache())

    /// Open directories that are kept for later look-ups, over all layers.
    private static let mostDescriptors = 192

    /// Opens the trees of `layers`, the top one first; without any layer the view is an empty directory.
    ///
    /// - Throws: `SystemError`.
    package init(layers: [Layer]) throws {
        var indices: [LayerIndex?] = []
        var parts: [LayerDirectory] = []
        for (number, layer) in layers.enumerated() {
            switch layer {
            case .tree(let tree):
                indices.append(nil)
                parts.append(.tree(number, DescriptorHandle(try OwnedDescriptor.openDirectory(tree.path))))
            case .index(let index):
                indices.append(index)
                parts.append(.index(number, 0))
            }
        }
        self.indices = indices
        root = MergedDirectory(parts: Self.visible(parts, indices))
    }

    package func status(_ path: ByteString) throws -> TreeEntry? {
        guard let name = path.pathComponents.last else { return try rootEntry() }
        guard let parent = try parent(of: path) else { return nil }
        return try find(name, in: parent)?.entry
    }

    package func children(_ path: ByteString) throws -> [TreeChild] {
        guard let directory = try directory(path) else { throw LayerError.notDirectory("/" + path) }
        var found: [ByteString: MergedEntry?] = [:]
        for part in directory.parts {
            switch part {
            case .tree(let layer, let handle):
                for name in try handle.descriptor.entries().map(\.name) where Self.isOpen(found[name]) {
                    guard let status = try handle.descriptor.statusIfPresent(of: name) else { continue }
                    let entry = MergedEntry(layer: layer, handle: handle, status: status)
                    merge(OverlayMark.isWhiteout(status) ? nil : entry, as: name, into: &found)
                }
            case .index(let layer, let node):
                guard let index = indices[layer] else { continue }
                for (name, child) in index.nodes[node].children where Self.isOpen(found[name]) {
                    let entry = MergedEntry(layer: layer, node: Int(child), of: index)
                    merge(index.nodes[Int(child)].isWhiteout ? nil : entry, as: name, into: &found)
                }
            }
        }
        return found.compactMap { name, entry in entry.map { TreeChild(name: name, entry: $0.entry) } }
            .sorted { $0.name < $1.name }
    }

    package func readLink(_ path: ByteString) throws -> ByteString {
        let (name, found) = try require(path)
        guard found.entry.kind == .symbolicLink else { throw LayerError.notFound("/" + path) }
        switch found.source {
        case .tree(let handle): return try handle.descriptor.readLink(name)
        case .index(let node): return indices[found.layer]?.nodes[node].linkTarget ?? ""
        }
    }

    package func open(_ path: ByteString) throws -> OwnedDescriptor {
        let (name, found) = try require(path)
        guard found.entry.kind == .regular else { throw LayerError.notFound("/" + path) }
        guard case .tree(let handle) = found.source else { throw LayerError.needsTree(layer: found.layer) }
        return try handle.descriptor.openChild(name, [.readOnly, .nonBlocking])
    }

    package func extendedAttributes(_ path: ByteString) throws -> [ByteString: [UInt8]] {
        if path.isEmpty { return [:] }
        let (name, found) = try require(path)
        switch found.source {
        case .tree(let handle): return try handle.descriptor.layerAttributes(of: name)
        case .index(let node):
            let all = indices[found.layer]?.nodes[node].attributes.extendedAttributes ?? [:]
            return all.isEmpty ? all : all.filter { CopiedAttribute.includes($0.key) }
        }
    }

    /// The layers without a tree that the bytes of these files are in, by their place, the top one 0.
    ///
    /// Paths that are no regular files are passed over.
    ///
    /// - Throws: `SystemError`.
    package func layersWithoutTree(holding paths: some Sequence<ByteString>) throws -> Set<Int> {
        var layers: Set<Int> = []
        for path in paths {
            guard let name = path.pathComponents.last, let parent = try parent(of: path),
                let found = try find(name, in: parent), found.entry.kind == .regular, case .index = found.source
            else { continue }
            layers.insert(found.layer)
        }
        return layers
    }

    private func require(_ path: ByteString) throws -> (name: ByteString, entry: MergedEntry) {
        guard let name = path.pathComponents.last, let parent = try parent(of: path),
            let found = try find(name, in: parent)
        else { throw LayerError.notFound("/" + path) }
        return (name, found)
    }
}

/// Looking up names.
extension SnapshotView {
    private func rootEntry() throws -> TreeEntry {
        for part in root.parts {
            switch part {
            case .tree(_, let handle): return TreeEntry(try handle.descriptor.status())
            case .index(let layer, let node):
                guard let index = indices[layer], !index.nodes[node].isImplied else { continue }
                return MergedEntry(layer: layer, node: node, of: index).entry
            }
        }
        return TreeEntry(kind: .directory, permissions: 0o755, fileID: FileID(device: .max, inode: 0))
    }

    /// What the name stands for; nil when it is not there or deleted.
    private func find(_ name: ByteString, in directory: MergedDirectory) throws -> MergedEntry? {
        var implied: MergedEntry?
        for part in directory.parts {
            let found: MergedEntry
            switch part {
            case .tree(let layer, let handle):
                guard let status = try handle.descriptor.statusIfPresent(of: name) else { continue }
                if OverlayMark.isWhiteout(status) { return implied }
                found = MergedEntry(layer: layer, handle: handle, status: status)
            case .index(let layer, let node):
                guard let index = indices[layer], let child = index.nodes[node].children[name] else { continue }
                if index.nodes[Int(child)].isWhiteout { return implied }
                found = MergedEntry(layer: layer, node: Int(child), of: index)
            }
            // What is below a directory counts only where it is one as well.
            if implied != nil, found.entry.kind != .directory { return implied }
            if !found.isImplied { return found }
            if implied == nil { implied = found }
            if found.isOpaque { return implied }
        }
        return implied
    }

    /// Whether a lower layer still has a say on a name: nothing above has it, or only in passing.
    private static func isOpen(_ found: MergedEntry??) -> Bool {
        guard let found else { return true }
        return found.map { $0.isImplied && !$0.isOpaque } ?? false
    }

    private func merge(_ new: MergedEntry?, as name: ByteString, into found: inout [ByteString: MergedEntry?]) {
        guard case .some(.some(var implied)) = found[name] else {
            found[name] = .some(new)
            return
        }
        if let new, new.entry.kind == .directory {
            if !new.isImplied {
                found[name] = new
            } else if new.isOpaque {
                implied.isOpaque = true
                found[name] = implied
            }
        } else {
            // Behind the directory lies something else, and nothing below that shows.
            implied.isOpaque = true
            found[name] = implied
        }
    }

    private func parent(of path: ByteString) throws -> MergedDirectory? {
        try directory(path.pathComponents.dropLast().joinedAsPath)
    }

    /// The directory at a path in all layers that show there; nil when there is none.
    private func directory(_ path: ByteString) throws -> MergedDirectory? {
        if path.isEmpty { return root }
        if let known = cache.withLock({ $0.directories[path] }) { return known }

        let components = path.pathComponents
        var (directory, depth) = nearestKnown(components)
        while depth < components.count {
            guard let next = try enter(components[depth], of: directory) else { return nil }
            directory = next
            depth += 1
        }
        let merged = directory
        cache.withLock { cache in
            if cache.descriptors + merged.descriptorCount > Self.mostDescriptors { cache = Cache() }
            cache.directories[path] = merged
            cache.descriptors += merged.descriptorCount
        }
        return merged
    }

    /// The deepest directory on the way that is at hand.
    private func nearestKnown(_ components: [ByteString]) -> (MergedDirectory, Int) {
        cache.withLock { cache in
            for depth in stride(from: components.count - 1, to: 0, by: -1) {
                if let known = cache.directories[components[..<depth].joinedAsPath] { return (known, depth) }
            }
            return (root, 0)
        }
    }

    private func enter(_ name: ByteString, of directory: MergedDirectory) throws -> MergedDirectory? {
        var parts: [LayerDirectory] = []
        for part in directory.parts {
            switch part {
            case .tree(let layer, let handle):
                guard let status = try handle.descriptor.statusIfPresent(of: name) else { continue }
                guard status.kind == .directory else { return MergedDirectory(orNil: parts) }
                let child = DescriptorHandle(try handle.descriptor.openChild(name, [.pathOnly, .directory]))
                parts.append(.tree(layer, child))
                if try child.descriptor.isOpaqueDirectory() { return MergedDirectory(parts: parts) }
            case .index(let layer, let node):
                guard let index = indices[layer], let child = index.nodes[node].children[name].map(Int.init) else {
                    continue
                }
                guard index.nodes[child].kind == .directory, !index.nodes[child].isWhiteout else {
                    return MergedDirectory(orNil: parts)
                }
                parts.append(.index(layer, child))
                if index.nodes[child].isOpaque { return MergedDirectory(parts: parts) }
            }
        }
        return MergedDirectory(orNil: parts)
    }

    /// The parts down to the first one that hides the rest.
    private static func visible(_ parts: [LayerDirectory], _ indices: [LayerIndex?]) -> [LayerDirectory] {
        let last = parts.firstIndex { part in
            switch part {
            case .tree(_, let handle): (try? handle.descriptor.isOpaqueDirectory()) ?? false
            case .index(let layer, let node): indices[layer]?.nodes[node].isOpaque ?? false
            }
        }
        return last.map { Array(parts[...$0]) } ?? parts
    }
}
