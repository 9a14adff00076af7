import ByteStrings
import FileModel
import LinuxSystem
import OCIModel
import TarArchive

/// Turns the members of an archive into nodes, and puts the bytes of its files into a folder.
struct ArchiveUnpacker {
    /// The root is the first.
    private(set) var nodes = [ArchiveNode.impliedDirectory]
    private let folder: FolderHandle
    private var trail = PathTrail(root: 0)

    private static let mostLinks = 40

    /// Source: Linux, `NAME_MAX` of `limits.h`.
    private static let longestName = 255

    init(into folder: FolderHandle) {
        self.folder = folder
    }

    /// What the content of a file is called in the folder.
    static func contentName(_ file: Int) -> ByteString {
        ByteString("\(file)")
    }

    /// Adds one member; `read` gives its content piece by piece and 0 at the end.
    mutating func add(_ member: TarEntry, read: (UnsafeMutableRawBufferPointer) throws -> Int) throws {
        let path = ByteString(member.path.lexicallyCleanedAbsolute.bytes.dropFirst())
        if path.isEmpty {
            guard member.kind == .directory else { throw ContextError.replacesRoot(member.path) }
            nodes[0].attributes = Self.attributes(member)
            return
        }
        if member.kind == .characterDevice, member.device == DeviceNumber(major: 0, minor: 0) {
            throw ContextError.forgedWhiteout(member.path)
        }
        let (parentPath, name) = path.folderAndName
        if name.count > Self.longestName { throw ContextError.nameTooLong(name) }
        let parent = try directory(parentPath, for: member)
        if member.kind == .hardLink { return try link(member, named: name, in: parent) }
        if member.kind == .directory, let existing = nodes[parent].children[name], nodes[existing].kind == .directory {
            nodes[existing].attributes = Self.attributes(member)
            return
        }
        try make(member, named: name, in: parent, read: read)
    }

    private mutating func make(
        _ member: TarEntry,
        named name: ByteString,
        in parent: Int,
        read: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
        let kind: FileKind =
            switch member.kind {
            case .regular, .hardLink: .regular
            case .directory: .directory
            case .symbolicLink: .symbolicLink
            case .characterDevice: .characterDevice
            case .blockDevice: .blockDevice
            case .fifo: .fifo
            }
        var node = ArchiveNode(kind: kind, attributes: Self.attributes(member))
        node.file = nodes.count
        switch kind {
        case .regular:
            (node.size, node.content) = try ContentStore(folder).write(Self.contentName(node.file), read: read)
        case .symbolicLink:
            node.linkTarget = member.linkTarget
            node.size = UInt64(member.linkTarget.count)
            // Whatever an archive says, links have this mode.
            node.attributes.permissions = 0o777
        case .characterDevice, .blockDevice:
            node.device = member.device
        case .directory, .fifo, .socket:
            break
        }
        put(node, named: name, in: parent)
    }

    private mutating func link(_ member: TarEntry, named name: ByteString, in parent: Int) throws {
        let target = ByteString(member.linkTarget.lexicallyCleanedAbsolute.bytes.dropFirst()).folderAndName
        guard let folder = try existingDirectory(target.folder), let other = nodes[folder].children[target.name],
            nodes[other].kind != .directory, nodes[parent].children[name] != other
        else { throw ContextError.missingLinkTarget(member.path, target: member.linkTarget) }
        put(nodes[other], named: name, in: parent)
    }

    private mutating func put(_ node: ArchiveNode, named name: ByteString, in parent: Int) {
        if let old = nodes[parent].children[name], nodes[old].kind == .directory { trail = PathTrail(root: 0) }
        nodes[parent].children[name] = nodes.count
        nodes.append(node)
    }

    private static func attributes(_ member: TarEntry) -> FileAttributes {
        var attributes = member.attributes
        attributes.extendedAttributes = attributes.extendedAttributes.filter { CopiedAttribute.includes($0.key) }
        return attributes
    }
}

/// Directories on the way.
extension ArchiveUnpacker {
    /// The directory that a path leads to, made where the path itself names what is missing.
    private mutating func directory(_ path: ByteString, for member: TarEntry) throws -> Int {
        if let known = known(path) { return known }
        return try follow(path) { name, parent, isFromLink in
            if isFromLink { throw ContextError.notFound(path: member.path, nearest: nil, hiddenBy: nil) }
            if name.count > Self.longestName { throw ContextError.nameTooLong(name) }
            return ArchiveNode.impliedDirectory
        } ?? 0
    }

    /// The directory that a path leads to, or nil.
    private mutating func existingDirectory(_ path: ByteString) throws -> Int? {
        if let known = known(path) { return known }
        do {
            return try follow(path) { _, _, _ in nil }
        } catch ContextError.notDirectory {
            return nil
        }
    }

    /// The directory at a path without links on the way.
    private mutating func known(_ path: ByteString) -> Int? {
        if let known = trail.value(at: path) { return known }
        return trail.follow(path) { [nodes] parent, name, _ in
            nodes[parent].children[name].flatMap { nodes[$0].kind == .directory ? $0 : nil }
        }
    }

    /// Follows a path with its links inside the archive; `missing` gives what to make where nothing is, or nil.
    private mutating func follow(
        _ path: ByteString,
        missing: (_ name: ByteString, _ parent: Int, _ isFromLink: Bool) throws -> ArchiveNode?
    ) throws -> Int? {
        var way = [0]
        var pending = path.pathComponents.reversed().map { (name: $0, isFromLink: false) }
        var links = 0
        while let (name, isFromLink) = pending.popLast() {
            let parent = way[way.count - 1]
            if name == ".." {
                if way.count > 1 { way.removeLast() }
                continue
            }
            guard let child = nodes[parent].children[name] else {
                guard let made = try missing(name, parent, isFromLink) else { return nil }
                way.append(nodes.count)
                put(made, named: name, in: parent)
                continue
            }
            switch nodes[child].kind {
            case .directory:
                way.append(child)
            case .symbolicLink:
                links += 1
                if links > Self.mostLinks { throw ContextError.tooManyLinks(path) }
                let target = nodes[child].linkTarget
                if target.isAbsolutePath { way = [0] }
                pending += target.pathComponents.reversed().map { (name: $0, isFromLink: true) }
            default:
                throw ContextError.notDirectory(path)
            }
        }
        return way.last
    }
}
