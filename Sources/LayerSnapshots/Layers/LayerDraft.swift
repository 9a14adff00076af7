import BuildContexts
import ByteStrings
import FileModel

/// A layer in the making: names and attributes, over a tree that stays as it is.
///
/// Paths are clean and relative, as those of `FileTree`. What is replaced stays in `nodes` without a name.
struct LayerDraft {
    /// What is at a path.
    enum Found {
        /// In this layer.
        case node(Int)

        /// In the tree below.
        case below(TreeEntry)
        case nothing
    }

    /// The root is the first.
    private(set) var nodes: [LayerNode]
    private let base: (any FileTree)?

    /// Directories of this layer on the way to the one that was asked for last.
    private var trail = PathTrail(root: 0)

    init(over base: (any FileTree)?) throws {
        self.base = base
        var root = LayerNode.impliedDirectory
        if let entry = try base?.status("") { root.attributes = FileAttributes(entry) }
        root.merges = base != nil
        nodes = [root]
    }

    func find(_ path: ByteString) throws -> Found {
        var node = 0
        for component in path.pathComponents {
            if let child = child(of: node, component) {
                if nodes[child].isWhiteout { return .nothing }
                node = child
            } else if nodes[node].merges, let entry = try base?.status(path) {
                return .below(entry)
            } else {
                return .nothing
            }
        }
        return .node(node)
    }

    /// The kind of what is at `path`, or nil when nothing is.
    func kind(_ path: ByteString) throws -> FileKind? {
        switch try find(path) {
        case .node(let node): nodes[node].kind
        case .below(let entry): entry.kind
        case .nothing: nil
        }
    }

    /// The kind of what has a name in a directory of this layer, or nil when nothing has; `path` is its whole path.
    func kind(of name: ByteString, in parent: Int, at path: @autoclosure () -> ByteString) throws -> FileKind? {
        switch try find(name, in: .node(parent), at: path()) {
        case .node(let node): nodes[node].kind
        case .below(let entry): entry.kind
        case .nothing: nil
        }
    }

    /// What is at `name` in what `found` is, and `path` is the path of both together.
    func find(_ name: ByteString, in found: Found, at path: @autoclosure () -> ByteString) throws -> Found {
        switch found {
        case .node(let node):
            if let child = child(of: node, name) { return nodes[child].isWhiteout ? .nothing : .node(child) }
            guard nodes[node].merges, let entry = try base?.status(path()) else { return .nothing }
            return .below(entry)
        case .below(let entry):
            guard entry.kind == .directory, let entry = try base?.status(path()) else { return .nothing }
            return .below(entry)
        case .nothing: return .nothing
        }
    }

    func child(of node: Int, _ name: ByteString) -> Int? {
        nodes[node].children[name].map(Int.init)
    }

    /// The text of the symbolic link at `path`, or nil when none is there.
    func linkTarget(_ path: ByteString) throws -> ByteString? {
        try linkTarget(find(path), at: path)
    }

    func linkTarget(_ found: Found, at path: @autoclosure () -> ByteString) throws -> ByteString? {
        switch found {
        case .node(let node) where nodes[node].kind == .symbolicLink: nodes[node].linkTarget
        case .below(let entry) where entry.kind == .symbolicLink: try base?.readLink(path())
        default: nil
        }
    }

    /// The directory at `path`, in this layer, made with those above it where nothing is.
    ///
    /// What the tree below has is taken over as it is; `made` describes the others.
    ///
    /// - Throws: `LayerError.notDirectory` when something else is in the way.
    @discardableResult
    mutating func directory(_ path: ByteString, made: LayerNode) throws -> Int {
        if let known = trail.value(at: path) { return known }
        // Making a directory changes this draft, so the trail must not be part of it meanwhile.
        var trail = trail
        self.trail = PathTrail(root: 0)
        let node = try trail.follow(path) { parent, name, end in
            try directory(named: name, in: parent, at: ByteString(path.bytes[..<end]), made: made)
        }
        self.trail = trail
        return node ?? 0
    }

    /// The directory `name` in a directory of this layer, made where nothing is; `path` is its whole path.
    mutating func directory(
        named name: ByteString,
        in parent: Int,
        at path: @autoclosure () -> ByteString,
        made: LayerNode
    ) throws -> Int {
        let existing = child(of: parent, name)
        if let existing, !nodes[existing].isWhiteout {
            guard nodes[existing].kind == .directory else { throw LayerError.notDirectory("/" + path()) }
            return existing
        }
        var directory = made
        if nodes[parent].merges, existing == nil { directory = try takenOver(path()) ?? made }
        return put(directory, named: name, in: parent)
    }

    /// The directory at `path` when no link is on the way and all of it is in this layer, else nil.
    mutating func knownDirectory(_ path: ByteString) -> Int? {
        if let known = trail.value(at: path) { return known }
        return trail.follow(path) { [nodes] parent, name, _ in
            guard let child = nodes[parent].children[name].map(Int.init) else { return nil }
            return nodes[child].kind == .directory && !nodes[child].isWhiteout ? child : nil
        }
    }

    /// A directory of the tree below as one of this layer; nil when nothing is there.
    private func takenOver(_ path: ByteString) throws -> LayerNode? {
        guard let base, let entry = try base.status(path) else { return nil }
        guard entry.kind == .directory else { throw LayerError.notDirectory("/" + path) }
        var node = LayerNode(kind: .directory, attributes: FileAttributes(entry))
        node.attributes.extendedAttributes = try base.extendedAttributes(path)
        node.merges = true
        return node
    }

    /// Gives a name in a directory to a new node, in place of what had it in this layer.
    ///
    /// A directory of the tree below that had the name is hidden for good, unless `node` merges with it.
    @discardableResult
    mutating func put(_ node: LayerNode, named name: ByteString, in parent: Int, hidingDirectory: Bool = false) -> Int {
        var node = node
        if let old = child(of: parent, name) {
            if nodes[old].kind == .directory { trail = PathTrail(root: 0) }
            node.isOpaque = node.isOpaque || nodes[old].isOpaque || nodes[old].isWhiteout || nodes[old].merges
        }
        if hidingDirectory { node.isOpaque = true }
        let number = nodes.count
        if node.file == 0 { node.file = Int32(clamping: number) }
        nodes.append(node)
        nodes[parent].children[name] = Int32(clamping: number)
        return number
    }

    mutating func update(_ node: Int, _ change: (inout LayerNode) -> Void) {
        change(&nodes[node])
    }

    /// Takes a name out of a directory.
    mutating func remove(_ name: ByteString, in parent: Int) {
        trail = PathTrail(root: 0)
        nodes[parent].children[name] = nil
    }

    func finish() -> LayerIndex {
        LayerIndex(nodes: nodes)
    }
}

extension FileAttributes {
    /// All but the extended attributes, which an entry does not know.
    init(_ entry: TreeEntry) {
        self.init(permissions: entry.permissions, owner: entry.owner, group: entry.group, modified: entry.modified)
    }
}
