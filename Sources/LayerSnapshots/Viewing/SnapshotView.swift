package import BuildContexts
package import ByteStrings
import FileModel
package import LinuxSystem
import Synchronization
import SystemPackage

/// The file system that a stack of layers makes, merged without a mount.
///
/// A layer is a tree on disk or only an index of its names; with an index everything but the bytes of files is there.
/// Nothing in a layer leads out of it: names are looked up one at a time, below directories that are open.
///
/// A view grows by ``adding(_:)`` at a cost that does not depend on its height: every sixteen layers become one layer of
/// the views above, which remembers what it was asked. Trees of layers must be finished before they get here, as what is
/// read of them is not read again.
package final class SnapshotView: FileTree {
    /// One layer of the stack.
    package enum Layer: Sendable {
        case tree(LayerTree)
        case index(LayerIndex)
    }

    private struct State {
        /// Nil while the trees are closed.
        var root: MergedDirectory?

        /// What views above asked for, by path; nil where nothing is.
        var known: [ByteString: TreeEntry?] = [:]

        /// The number of bytes of these paths.
        var knownBytes = 0

        /// What was computed of the files below a name in the root.
        var derived: [Derivation: any Sendable] = [:]
    }

    private struct Derivation: Hashable {
        let name: ByteString
        let type: ObjectIdentifier
    }

    /// The top one first.
    private let layers: [Layer]

    /// What lies below `layers`.
    private let base: SnapshotView?

    /// Whether a layer hides everything below it, the root's attributes included.
    private let hidesBase: Bool

    /// The number of layers, those of `base` included.
    private let height: Int
    private let directories: DirectoryCache
    private let number: Int
    private let state: Mutex<State>

    /// So many layers are looked through one by one.
    private static let mostLayers = 16
    private static let mostKnown = 1024
    private static let mostKnownBytes = 1 << 20

    /// Opens the trees of `layers`, the top one first; without any layer the view is an empty directory.
    ///
    /// - Throws: `SystemError`.
    package convenience init(layers: [Layer]) throws {
        try self.init(layers, over: nil, parts: nil)
    }

    private init(_ layers: [Layer], over base: SnapshotView?, parts: [LayerDirectory]?) throws {
        self.layers = layers
        self.base = base
        let below = base?.height ?? 0
        height = below + layers.count
        directories = base?.directories ?? DirectoryCache()
        number = directories.addView()
        let all = try parts ?? Self.open(layers, above: below)
        let visible = Self.visible(all)
        hidesBase = visible.count < all.count || (visible.last.map(Self.isOpaque) ?? false)
        let own = hidesBase ? visible : visible + (base.map { [.view($0, "")] } ?? [])
        state = Mutex(State(root: MergedDirectory(parts: own)))
    }

    /// Whether there is no layer.
    package var isEmpty: Bool { height == 0 }

    /// The view with one more layer on top.
    ///
    /// - Throws: `SystemError`.
    package func adding(_ layer: Layer) throws -> SnapshotView {
        let view = try stacking(layer)
        let derived = state.withLock { $0.derived }
        if let top = try view.openRoot().parts.first, !Self.isOpaque(top) {
            view.state.withLock { $0.derived = derived.filter { !Self.mayHave($0.key.name, in: top) } }
        }
        return view
    }

    private func stacking(_ layer: Layer) throws -> SnapshotView {
        if layers.count < Self.mostLayers {
            let own = try openRoot().parts.filter { if case .view = $0 { false } else { true } }
            // Trees that are hidden were closed; with them nobody could tell which part belongs to which layer.
            if own.count == layers.count {
                let top = try Self.open([layer], above: height)
                return try SnapshotView([layer] + layers, over: base, parts: top + own)
            }
        }
        let view = try SnapshotView([layer], over: self, parts: nil)
        // This one is asked once more for what it remembers; those below have been, and are rarely asked anything new.
        base?.state.withLock { $0.root = nil }
        return view
    }

    /// What `make` computes of the files below a name in the root, and of nothing else.
    ///
    /// It is kept, one value of a type for each name, and handed on to the views above until a layer there has something
    /// of that name. Nil is not kept: then `make` had to look elsewhere, or nowhere.
    ///
    /// - Throws: What `make` throws.
    package func derived<Value: Sendable>(fromBelow name: ByteString, _ make: () throws -> Value?) rethrows -> Value? {
        let key = Derivation(name: name, type: ObjectIdentifier(Value.self))
        if let known = state.withLock({ $0.derived[key] }) as? Value { return known }
        guard let made = try make() else { return nil }
        state.withLock { $0.derived[key] = made }
        return made
    }

    package func status(_ path: ByteString) throws -> TreeEntry? {
        if path.isEmpty { return try rootEntry() }
        let (folder, name) = path.folderAndName
        guard let parent = try directory(folder) else { return nil }
        return try find(name, in: parent)?.entry
    }

    package func children(_ path: ByteString) throws -> [TreeChild] {
        guard let directory = try directory(path) else { throw LayerError.notDirectory("/" + path) }
        if directory.parts.count == 1, case .view(let view, let path) = directory.parts[0] {
            return try view.children(path)
        }
        var found: [ByteString: MergedEntry?] = [:]
        for part in directory.parts {
            switch part {
            case .tree(let layer, let folder):
                for name in try folder.handle.descriptor.entries().map(\.name) where Self.isOpen(found[name]) {
                    guard let status = try folder.handle.descriptor.recordedStatus(of: name) else { continue }
                    let entry = MergedEntry(layer: layer, handle: folder.handle, status: status)
                    merge(OverlayMark.isWhiteout(status) ? nil : entry, as: name, into: &found)
                }
            case .index(let layer, let index, let node):
                for (name, child) in index.nodes[node].children where Self.isOpen(found[name]) {
                    let entry = MergedEntry(layer: layer, node: Int(child), of: index)
                    merge(index.nodes[Int(child)].isWhiteout ? nil : entry, as: name, into: &found)
                }
            case .view(let view, let path):
                for child in try view.children(path) where Self.isOpen(found[child.name]) {
                    let entry = MergedEntry(child.entry, at: path.appendingPath(child.name), of: view)
                    merge(entry, as: child.name, into: &found)
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
        case .index(let index, let node): return index.nodes[node].linkTarget
        case .view(let view, let path): return try view.readLink(path)
        }
    }

    package func open(_ path: ByteString) throws -> OwnedDescriptor {
        let (name, found) = try require(path)
        guard found.entry.kind == .regular else { throw LayerError.notFound("/" + path) }
        switch found.source {
        case .tree(let handle): return try handle.descriptor.openChild(name, [.readOnly, .nonBlocking])
        case .index: throw LayerError.needsTree(layer: found.layer)
        case .view(let view, let path): return try view.open(path)
        }
    }

    package func openFile(_ path: ByteString, _ file: FileID) throws -> OpenedFile {
        let (folder, name) = path.folderAndName
        // Where the namespace lacks owners and devices, a file need not be what it seems.
        if UserNamespace.current.isInitial, let parts = try directory(folder)?.parts,
            let opened = try openKnown(name, file, in: parts[...])
        {
            return opened
        }
        let descriptor = try open(path)
        let status = try descriptor.status()
        return OpenedFile(descriptor, status)
    }

    /// Opens what has the name in the first layer that has it, when that is the file; else nil.
    private func openKnown(
        _ name: ByteString,
        _ file: FileID,
        in parts: ArraySlice<LayerDirectory>
    ) throws -> OpenedFile? {
        switch parts.first {
        case .tree(_, let folder):
            guard folder.mayHave(name) else { return try openKnown(name, file, in: parts.dropFirst()) }
            do {
                let opened = try folder.handle.descriptor.openChild(name, [.readOnly, .nonBlocking])
                let status = try opened.status()
                let isSame = status.kind == .regular && FileID(device: status.device, inode: status.inode) == file
                return isSame ? OpenedFile(opened, status) : nil
            } catch {
                if error.errno == .noSuchFileOrDirectory { return try openKnown(name, file, in: parts.dropFirst()) }
                return nil
            }
        case .view(let view, let path): return try view.openFile(path.appendingPath(name), file)
        case .index, nil: return nil
        }
    }

    package func extendedAttributes(_ path: ByteString) throws -> [ByteString: [UInt8]] {
        if path.isEmpty { return [:] }
        let (folder, last) = path.folderAndName
        if let parts = try directory(folder)?.parts, parts.count == 1, case .tree(_, let folder) = parts[0] {
            do {
                return try folder.handle.descriptor.layerAttributes(of: last)
            } catch {
                if error.errno == .noSuchFileOrDirectory { throw LayerError.notFound("/" + path) }
                throw error
            }
        }
        let (name, found) = try require(path)
        switch found.source {
        case .tree(let handle): return try handle.descriptor.layerAttributes(of: name)
        case .index(let index, let node):
            let all = index.nodes[node].attributes.extendedAttributes
            return all.isEmpty ? all : all.filter { CopiedAttribute.includes($0.key) }
        case .view(let view, let path): return try view.extendedAttributes(path)
        }
    }

    private func require(_ path: ByteString) throws -> (name: ByteString, entry: MergedEntry) {
        let (folder, name) = path.folderAndName
        guard !name.isEmpty, let parent = try directory(folder), let found = try find(name, in: parent) else {
            throw LayerError.notFound("/" + path)
        }
        return (name, found)
    }
}

/// Looking up names.
extension SnapshotView {
    private func rootEntry() throws -> TreeEntry {
        for part in try openRoot().parts {
            switch part {
            case .tree(_, let folder): return TreeEntry(try folder.handle.descriptor.recordedStatus())
            case .index(let layer, let index, let node):
                guard !index.nodes[node].isImplied else { continue }
                return MergedEntry(layer: layer, node: node, of: index).entry
            case .view(let view, _):
                return try view.remembered("")
                    ?? TreeEntry(kind: .directory, permissions: 0o755, fileID: FileID(device: .max, inode: 0))
            }
        }
        return TreeEntry(kind: .directory, permissions: 0o755, fileID: FileID(device: .max, inode: 0))
    }

    /// The entry at a path, for a view above: what is asked once is asked again by every view there.
    private func remembered(_ path: ByteString) throws -> TreeEntry? {
        if let known = state.withLock({ $0.known[path] }) { return known }
        let entry = try status(path)
        state.withLock { state in
            if state.known.count >= Self.mostKnown || state.knownBytes >= Self.mostKnownBytes {
                state.known = [:]
                state.knownBytes = 0
            }
            state.known[path] = .some(entry)
            state.knownBytes += path.count
        }
        return entry
    }

    /// What the name stands for; nil when it is not there or deleted.
    private func find(_ name: ByteString, in directory: MergedDirectory) throws -> MergedEntry? {
        var implied: MergedEntry?
        for part in directory.parts {
            let found: MergedEntry
            switch part {
            case .tree(let layer, let folder):
                guard folder.mayHave(name), let status = try folder.handle.descriptor.recordedStatus(of: name) else {
                    continue
                }
                if OverlayMark.isWhiteout(status) { return implied }
                found = MergedEntry(layer: layer, handle: folder.handle, status: status)
            case .index(let layer, let index, let node):
                guard let child = index.nodes[node].children[name] else { continue }
                if index.nodes[Int(child)].isWhiteout { return implied }
                found = MergedEntry(layer: layer, node: Int(child), of: index)
            case .view(let view, let path):
                let path = path.appendingPath(name)
                guard let entry = try view.remembered(path) else { continue }
                found = MergedEntry(entry, at: path, of: view)
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

    /// The directory at a path in all layers that show there; nil when there is none.
    private func directory(_ path: ByteString) throws -> MergedDirectory? {
        if path.isEmpty { return try openRoot() }
        var (directory, end) = try directories.deepest(on: path, in: number) ?? (openRoot(), 0)
        while end < path.count {
            let start = end == 0 ? 0 : end + 1
            end = path.bytes[start...].firstIndex(of: ByteString.slash) ?? path.count
            guard let next = try enter(ByteString(path.bytes[start..<end]), of: directory) else { return nil }
            directory = next
            directories.keep(directory, at: path, end: end, in: number)
        }
        return directory
    }

    private func enter(_ name: ByteString, of directory: MergedDirectory) throws -> MergedDirectory? {
        var parts: [LayerDirectory] = []
        for part in directory.parts {
            switch part {
            case .tree(let layer, let folder):
                guard folder.mayHave(name), let status = try folder.handle.descriptor.statusIfPresent(of: name) else {
                    continue
                }
                guard status.kind == .directory else { return MergedDirectory(orNil: parts) }
                let child = try TreeDirectory(folder.handle.descriptor.openChild(name, [.pathOnly, .directory]))
                parts.append(.tree(layer, child))
                if child.isOpaque { return MergedDirectory(parts: parts) }
            case .index(let layer, let index, let node):
                guard let child = index.nodes[node].children[name].map(Int.init) else { continue }
                guard index.nodes[child].kind == .directory, !index.nodes[child].isWhiteout else {
                    return MergedDirectory(orNil: parts)
                }
                parts.append(.index(layer, index, child))
                if index.nodes[child].isOpaque { return MergedDirectory(parts: parts) }
            case .view(let view, let path):
                let path = path.appendingPath(name)
                // Where no layer of this view has a say, the way down through the views is gone once.
                if parts.isEmpty { return try view.directory(path) }
                if try view.remembered(path)?.kind == .directory { parts.append(.view(view, path)) }
            }
        }
        return MergedDirectory(orNil: parts)
    }
}

/// The roots of the layers.
extension SnapshotView {
    private func openRoot() throws -> MergedDirectory {
        if let root = state.withLock({ $0.root }) { return root }
        // For one question, as nothing of it is kept.
        let parts = Self.visible(try Self.open(layers, above: base?.height ?? 0, readingNames: false))
        return MergedDirectory(parts: hidesBase ? parts : parts + (base.map { [.view($0, "")] } ?? []))
    }

    private static func open(
        _ layers: [Layer],
        above height: Int,
        readingNames: Bool = true
    ) throws -> [LayerDirectory] {
        try layers.enumerated().map { number, layer in
            let place = height + layers.count - 1 - number
            switch layer {
            case .tree(let tree): return .tree(place, try TreeDirectory(rootOf: tree, readingNames: readingNames))
            case .index(let index): return .index(place, index, 0)
            }
        }
    }

    /// The parts down to the first one that hides the rest.
    private static func visible(_ parts: [LayerDirectory]) -> [LayerDirectory] {
        parts.firstIndex(where: isOpaque).map { Array(parts[...$0]) } ?? parts
    }

    /// Whether the layer has a say on a name in its root; false only where it has none.
    private static func mayHave(_ name: ByteString, in root: LayerDirectory) -> Bool {
        switch root {
        case .tree(_, let folder): folder.mayHave(name)
        case .index(_, let index, let node): index.nodes[node].children[name] != nil
        case .view: true
        }
    }

    private static func isOpaque(_ part: LayerDirectory) -> Bool {
        switch part {
        case .tree(_, let folder): folder.isOpaque
        case .index(_, let index, let node): index.nodes[node].isOpaque
        case .view: false
        }
    }
}
