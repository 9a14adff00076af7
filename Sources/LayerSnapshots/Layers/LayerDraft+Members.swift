import BuildContexts
import ByteStrings
import FileModel
import TarArchive

extension LayerDraft {
    /// Takes over a member of a layer's archive, with the outcome that unpacking it would have.
    mutating func add(layerMember member: TarEntry) throws {
        let whole = ByteString(member.path.lexicallyCleanedAbsolute.bytes.dropFirst())
        if whole.isEmpty {
            guard member.kind == .directory else { throw LayerError.replacesRoot(member.path) }
            describe(0, by: member)
            return
        }
        let (folder, name) = whole.folderAndName
        let parentPath = knownDirectory(folder) == nil ? try resolve(folder) : folder
        if let whiteout = try Whiteout(name: name, member: member.path) {
            add(whiteout, in: try directory(parentPath, made: .impliedDirectory))
            return
        }
        if member.kind == .characterDevice, member.device == OverlayMark.whiteoutDevice {
            throw LayerError.forgedWhiteout(member.path)
        }
        let parent = try directory(parentPath, made: .impliedDirectory)
        if member.kind == .directory, let old = child(of: parent, name), nodes[old].kind == .directory {
            describe(old, by: member)
            return
        }
        guard var node = LayerNode(member) else {
            if let old = child(of: parent, name) { replaceByWhiteout(old, name, in: parent) }
            put(try linked(member), named: name, in: parent)
            return
        }
        node.attributes.extendedAttributes = node.attributes.extendedAttributes.filter {
            OverlayMark.mayBeUnpacked($0.key)
        }
        put(node, named: name, in: parent)
    }

    /// A node for a hard link to what an earlier member brought.
    func linked(_ member: TarEntry, below root: ByteString = "") throws -> LayerNode {
        let target = member.linkTarget.lexicallyCleanedAbsolute
        let path = try resolve(target, below: root, followingLast: false)
        guard case .node(let number) = try find(path), nodes[number].kind != .directory else {
            throw LayerError.missingLinkTarget(member.path, target: member.linkTarget)
        }
        var node = nodes[number]
        node.isOpaque = false
        return node
    }

    /// Frees a name before a link to it is looked up, as unpacking does.
    private mutating func replaceByWhiteout(_ old: Int, _ name: ByteString, in parent: Int) {
        let wasHiding = nodes[old].isWhiteout || nodes[old].isOpaque
        remove(name, in: parent)
        if wasHiding { put(.whiteout, named: name, in: parent) }
    }

    private mutating func add(_ whiteout: Whiteout, in parent: Int) {
        switch whiteout {
        case .ignored: break
        case .opaque: update(parent) { $0.isOpaque = true }
        case .entry(let name):
            if let existing = child(of: parent, name) {
                update(existing) { $0.isOpaque = true }
            } else {
                put(.whiteout, named: name, in: parent)
            }
        }
    }

    private mutating func describe(_ directory: Int, by member: TarEntry) {
        update(directory) {
            $0.attributes = member.attributes
            $0.attributes.extendedAttributes = member.attributes.extendedAttributes.filter {
                OverlayMark.mayBeUnpacked($0.key)
            }
            $0.isImplied = false
        }
    }
}

extension LayerNode {
    /// The node of an archive's member; nil for a hard link.
    init?(_ member: TarEntry) {
        guard let kind = member.kind.fileKind else { return nil }
        self.init(kind: kind, attributes: member.attributes)
        switch kind {
        case .regular: size = member.size
        case .symbolicLink:
            linkTarget = member.linkTarget
            // Whatever an archive says, links have this mode.
            attributes.permissions = 0o777
        case .characterDevice, .blockDevice: device = member.device
        default: break
        }
    }
}
