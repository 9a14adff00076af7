import BuildContexts
package import ByteStrings
import FileModel
package import TarArchive

/// ADD of archives.
extension CopyPacker {
    /// Extracts an archive into the destination, which becomes a directory if nothing is there.
    ///
    /// The destination is the root for all names and links of the archive. A member replaces what is at its path, also a
    /// directory with all below, unless both are directories; the archive's own root says nothing about the destination.
    /// Modes and times are the archive's, owners too unless `options` has one. Only made directories take the epoch.
    ///
    /// - Throws: ``LayerError``, `ArchiveError`, or what reading the parent fails with.
    package mutating func unpack(_ archive: ArchiveReader, to destination: ByteString, options: CopyOptions) throws {
        var options = options
        options.permissions = nil
        let root = try resolve(destination)
        try draft.directory(root, made: Self.madeDirectory(options))
        var implied = options
        implied.owner = nil
        let made = Self.madeDirectory(implied)
        let buffer = ContentBuffer()
        while let member = try archive.next() {
            try add(member, below: root, owner: options.owner, made: made) { write in
                try buffer.drain({ try archive.read(into: $0) }, write)
            }
        }
    }

    private mutating func add(
        _ member: TarEntry,
        below root: ByteString,
        owner: CopyOptions.Owner?,
        made: LayerNode,
        content: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let components = member.path.lexicallyCleanedAbsolute.pathComponents
        guard let name = components.last else {
            guard member.kind == .directory else { throw LayerError.replacesRoot(member.path) }
            return
        }
        if name.hasPrefix(Whiteout.prefix) { throw LayerError.reservedName(member.path) }
        if member.kind == .characterDevice, member.device == OverlayMark.whiteoutDevice {
            throw LayerError.forgedWhiteout(member.path)
        }
        let parentPath = try draft.resolve(components.dropLast().joinedAsPath, below: root, dangling: .fail)
        let parent = try draft.directory(parentPath, made: made)
        let path = parentPath.appendingPath(name)
        guard var node = LayerNode(member) else {
            try link(member, at: path, named: name, in: parent, below: root)
            return
        }
        if let owner {
            node.attributes.owner = owner.user
            node.attributes.group = owner.group
        }
        node.attributes.extendedAttributes = node.attributes.extendedAttributes.filter {
            CopiedAttribute.includes($0.key)
        }
        let existing = try draft.kind(path)
        if node.kind == .directory, existing == .directory {
            let number = try draft.directory(path, made: node)
            draft.update(number) { $0.attributes = node.attributes }
            return
        }
        if node.kind == .regular {
            let start = spool.size
            try content { try spool.append($0) }
            node.size = spool.size - start
            let number = draft.put(node, named: name, in: parent, hidingDirectory: existing == .directory)
            origins[Int32(clamping: number)] = .spool(start)
        } else {
            draft.put(node, named: name, in: parent, hidingDirectory: existing == .directory)
        }
    }

    private mutating func link(
        _ member: TarEntry,
        at path: ByteString,
        named name: ByteString,
        in parent: Int,
        below root: ByteString
    ) throws {
        let target = try draft.resolve(member.linkTarget.lexicallyCleanedAbsolute, below: root, followingLast: false)
        let existing = try draft.kind(path)
        if target == path { throw LayerError.missingLinkTarget(member.path, target: member.linkTarget) }
        if case .below(let entry) = try draft.find(target), entry.kind != .directory {
            try takeOver(target, entry)
        }
        let node = try draft.linked(member, below: root)
        draft.put(node, named: name, in: parent, hidingDirectory: existing == .directory)
    }

    /// Makes a file of the parent part of the layer as it is, so that it can get a second name there.
    private mutating func takeOver(_ path: ByteString, _ entry: TreeEntry) throws {
        let parent = try draft.directory(path.pathComponents.dropLast().joinedAsPath, made: .impliedDirectory)
        var node = LayerNode(kind: entry.kind, attributes: FileAttributes(entry))
        node.attributes.extendedAttributes = try tree(0)?.extendedAttributes(path) ?? [:]
        switch entry.kind {
        case .regular: node.size = entry.size
        case .symbolicLink: node.linkTarget = try draft.linkTarget(path) ?? ""
        case .characterDevice, .blockDevice: node.device = entry.deviceNumber
        default: break
        }
        let number = draft.put(node, named: path.lastPathComponent, in: parent)
        if entry.kind == .regular { origins[Int32(clamping: number)] = .tree(0, SharedPath(path)) }
    }
}
