import BuildContexts
import ByteStrings
import FileModel
import LinuxSystem
import SystemPackage
import TarArchive

/// Writes the members of a layer into a tree on disk, whatever their names are.
///
/// Every path is resolved inside the tree: links are followed as if its root were `/`, `..` stops there, and missing
/// directories are made where the path leads, also through a dangling link. What a link of a lower layer would do is not
/// known here and does not count. A directory is remembered by its path only until something is removed, so a link that
/// replaces a directory changes the way of all members after it.
struct TreeWriter {
    private let root: DescriptorHandle
    private let lower: (any FileTree)?

    /// By inode: what the archive says, to be set when nothing is written any more.
    private var directoryTimes: [UInt64: Timestamp] = [:]
    private var opaqueDirectories: Set<UInt64> = []
    private let buffer = ContentBuffer()

    /// The directories of the last member, by the path as the member has it.
    private var recent = DirectoryTrail()

    private static let mostLinks = 40

    /// Writes below `root`; `lower` has the attributes of directories that the archive does not describe.
    init(_ root: DescriptorHandle, lower: (any FileTree)?) throws {
        self.root = root
        self.lower = lower
        try root.descriptor.setOwner(0, 0)
        try root.descriptor.setRecordedPermissions(0o755)
        if let entry = try lower?.status("") { try describe(root.descriptor, as: entry, [:]) }
    }

    /// Writes one member; `read` gives its content piece by piece and 0 at the end.
    mutating func add(_ member: TarEntry, read: (UnsafeMutableRawBufferPointer) throws -> Int) throws {
        let path = ByteString(member.path.lexicallyCleanedAbsolute.bytes[1...])
        let (folder, name) = path.folderAndName
        if path.isEmpty {
            guard member.kind == .directory else { throw LayerError.replacesRoot(member.path) }
            try finishDirectory(root.descriptor, member)
            return
        }
        if let whiteout = try Whiteout(name: name, member: member.path) {
            try add(whiteout, in: parent(folder).descriptor)
            return
        }
        if member.kind == .characterDevice, member.device == OverlayMark.whiteoutDevice {
            throw LayerError.forgedWhiteout(member.path)
        }
        let parent = try parent(folder)
        let existing = try parent.descriptor.recordedStatus(of: name)
        if let existing, existing.kind == .directory, member.kind == .directory {
            try finishDirectory(parent.descriptor.openChild(name, [.pathOnly, .directory]), member)
            return
        }
        var hidesLower = false
        if let existing {
            let isOpaque = existing.kind == .directory && opaqueDirectories.contains(existing.inode)
            hidesLower = OverlayMark.isWhiteout(existing) || isOpaque
            recent.clear()
            try parent.descriptor.removeTree(name)
        }
        try make(member, name, in: parent.descriptor, hidesLower: hidesLower, read: read)
    }

    /// Gives all directories their times; nothing may be written afterwards.
    func finish() throws {
        var opaque: [ByteString] = []
        try DirectoryWalk(root).run(
            visit: { path, entry, directory in
                switch try entry.kind ?? directory.descriptor.status(of: entry.name).kind {
                case .directory:
                    if !opaqueDirectories.isEmpty,
                        opaqueDirectories.contains(try directory.descriptor.status(of: entry.name).inode)
                    {
                        opaque.append(path)
                    }
                    return true
                case .characterDevice where !opaque.isEmpty,
                    .regular where !opaque.isEmpty && !UserNamespace.current.isInitial:
                    // Below an opaque directory nothing is left to delete, and the kernel would list the device.
                    if try directory.descriptor.recordedStatus(of: entry.name).map(OverlayMark.isWhiteout) == true {
                        try directory.descriptor.removeFile(entry.name)
                    }
                    return false
                default:
                    return false
                }
            },
            leave: { path, directory in
                if opaque.last == path, !path.isEmpty { opaque.removeLast() }
                let inode = try directory.descriptor.status().inode
                try directory.descriptor.setModified(directoryTimes[inode] ?? .epoch)
            }
        )
    }
}

/// Directories on the way.
extension TreeWriter {
    /// The open directory that a path leads to, made where it is missing.
    private mutating func parent(_ path: ByteString) throws -> DescriptorHandle {
        if path.isEmpty { return root }
        if let near = nearRecent(path) { return near }
        let found = try resolved(path)
        recent.keep(found, at: path, end: path.count)
        return found
    }

    /// The directory of the last member, or one above or below it, without a link on the way between both.
    private mutating func nearRecent(_ path: ByteString) -> DescriptorHandle? {
        if let (directory, end) = recent.deepest(on: path) { return enter(path, from: directory, end) }
        // A long way back up is gone once for many directories.
        var start = path.count
        for _ in 0..<(DirectoryTrail.mostDescriptors / 2) {
            start = path.bytes[..<start].lastIndex(of: ByteString.slash) ?? 0
            if start == 0 { return nil }
        }
        let above = ByteString(path.bytes[..<start])
        guard let first = try? root.descriptor.open(above, [.pathOnly, .directory], resolving: .inRoot) else {
            return nil
        }
        let directory = DescriptorHandle(first)
        recent.keep(directory, at: path, end: start)
        return enter(path, from: directory, start)
    }

    /// Enters the rest of a path from `end` on, one directory after the other; nil where one is a link or missing.
    private mutating func enter(
        _ path: ByteString,
        from directory: DescriptorHandle,
        _ end: Int
    ) -> DescriptorHandle? {
        var (directory, end) = (directory, end)
        while end < path.count {
            let start = end + 1
            end = path.bytes[start...].firstIndex(of: ByteString.slash) ?? path.count
            let name = ByteString(path.bytes[start..<end])
            guard let child = try? directory.descriptor.openChild(name, [.pathOnly, .directory]) else { return nil }
            directory = DescriptorHandle(child)
            recent.keep(directory, at: path, end: end)
        }
        return directory
    }

    private mutating func resolved(_ path: ByteString) throws -> DescriptorHandle {
        do {
            return DescriptorHandle(try root.descriptor.open(path, [.pathOnly, .directory], resolving: .inRoot))
        } catch {
            switch error.errno {
            case .noSuchFileOrDirectory, .notDirectory: return try makeParents(path.pathComponents)
            case .tooManySymbolicLinkLevels: throw LayerError.tooManyLinks("/" + path)
            default: throw error
            }
        }
    }

    private mutating func makeParents(_ components: [ByteString]) throws -> DescriptorHandle {
        var current = root
        var kept: [ByteString] = []
        var pending = Array(components.reversed())
        var links = 0
        while let name = pending.popLast() {
            if name == ".." {
                _ = kept.popLast()
                current = try open(kept)
                continue
            }
            let status = try current.descriptor.recordedStatus(of: name)
            if let status, status.kind == .symbolicLink {
                links += 1
                if links > Self.mostLinks { throw LayerError.tooManyLinks("/" + components.joinedAsPath) }
                let target = try current.descriptor.readLink(name)
                if target.isAbsolutePath {
                    kept = []
                    current = root
                }
                pending += target.pathComponents.reversed()
                continue
            }
            kept.append(name)
            if let status, status.kind == .directory {
                current = DescriptorHandle(try current.descriptor.openChild(name, [.pathOnly, .directory]))
            } else if status.map(OverlayMark.isWhiteout) ?? true {
                if status != nil { try current.descriptor.removeFile(name) }
                current = try makeImplied(name, kept, in: current.descriptor, hidesLower: status != nil)
            } else {
                throw LayerError.notDirectory("/" + kept.joinedAsPath)
            }
        }
        return current
    }

    private func open(_ components: [ByteString]) throws -> DescriptorHandle {
        if components.isEmpty { return root }
        return DescriptorHandle(
            try root.descriptor.open(
                components.joinedAsPath,
                [.pathOnly, .directory],
                resolving: .beneathWithoutLinks
            )
        )
    }

    private mutating func makeImplied(
        _ name: ByteString,
        _ path: [ByteString],
        in parent: borrowing OwnedDescriptor,
        hidesLower: Bool
    ) throws -> DescriptorHandle {
        try parent.makeDirectory(name, permissions: 0o755)
        let made = DescriptorHandle(try parent.openChild(name, [.pathOnly, .directory]))
        try forget(made.descriptor)
        let path = path.joinedAsPath
        if !hidesLower, let lower, let entry = try lower.status(path), entry.kind == .directory {
            try describe(made.descriptor, as: entry, lower.extendedAttributes(path))
        } else {
            try made.descriptor.setOwner(0, 0)
            try made.descriptor.setRecordedPermissions(0o755)
        }
        if hidesLower { try makeOpaque(made.descriptor) }
        return made
    }

    /// A new directory may have the inode of one that was removed, and is nothing of what was said of that.
    private mutating func forget(_ directory: borrowing OwnedDescriptor) throws {
        let inode = try directory.status().inode
        directoryTimes[inode] = nil
        opaqueDirectories.remove(inode)
    }

    private mutating func describe(
        _ directory: borrowing OwnedDescriptor,
        as entry: TreeEntry,
        _ attributes: [ByteString: [UInt8]]
    ) throws {
        try directory.setOwner(entry.owner, entry.group)
        try directory.setRecordedPermissions(entry.permissions)
        for (name, value) in attributes { try directory.setRecordedAttribute(name, value) }
        directoryTimes[try directory.status().inode] = entry.modified
    }
}

/// Members.
extension TreeWriter {
    private mutating func add(_ whiteout: Whiteout, in parent: borrowing OwnedDescriptor) throws {
        switch whiteout {
        case .ignored:
            break
        case .opaque:
            try makeOpaque(parent)
        case .entry(let name):
            guard let existing = try parent.recordedStatus(of: name) else {
                try parent.makeWhiteout(name)
                return
            }
            // The layer's own entry stays; what lower layers have under the name does not.
            if existing.kind == .directory { try makeOpaque(parent.openChild(name, [.pathOnly, .directory])) }
        }
    }

    private mutating func makeOpaque(_ directory: borrowing OwnedDescriptor) throws {
        try directory.setExtendedAttribute(OverlayMark.opaqueAttribute, OverlayMark.opaqueValue)
        opaqueDirectories.insert(try directory.status().inode)
    }

    private mutating func make(
        _ member: TarEntry,
        _ name: ByteString,
        in parent: borrowing OwnedDescriptor,
        hidesLower: Bool,
        read: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
        switch member.kind {
        case .directory:
            try parent.makeDirectory(name, permissions: 0o700)
            let made = try parent.openChild(name, [.pathOnly, .directory])
            try forget(made)
            if hidesLower { try makeOpaque(made) }
            try finishDirectory(made, member)
            return
        case .hardLink:
            try link(member, name, in: parent)
            return
        case .regular:
            let file = try parent.openChild(name, [.writeOnly, .create, .exclusive], permissions: 0o600)
            try buffer.drain(read) { try file.write(all: $0) }
        case .symbolicLink:
            try parent.makeSymbolicLink(name, to: member.linkTarget)
        case .characterDevice:
            try parent.makeRecordedNode(name, kind: .characterDevice, permissions: 0, device: member.device)
        case .blockDevice:
            try parent.makeRecordedNode(name, kind: .blockDevice, permissions: 0, device: member.device)
        case .fifo:
            try parent.makeNode(name, kind: .fifo, permissions: 0)
        }
        // Changing the owner clears set-id bits and capabilities, so that comes first.
        let attributes = member.attributes
        try parent.setOwner(attributes.owner, attributes.group, of: name)
        if member.kind != .symbolicLink { try parent.setRecordedPermissions(attributes.permissions, of: name) }
        for (attribute, value) in attributes.extendedAttributes where OverlayMark.mayBeUnpacked(attribute) {
            // Only files and directories can have attributes of users.
            if member.kind != .regular, attribute.hasPrefix("user.") { continue }
            try parent.setRecordedAttribute(attribute, value, of: name)
        }
        try parent.setModified(attributes.modified, of: name)
    }

    private mutating func finishDirectory(_ directory: borrowing OwnedDescriptor, _ member: TarEntry) throws {
        try directory.setOwner(member.attributes.owner, member.attributes.group)
        try directory.setRecordedPermissions(member.attributes.permissions)
        for (attribute, value) in member.attributes.extendedAttributes where OverlayMark.mayBeUnpacked(attribute) {
            try directory.setRecordedAttribute(attribute, value)
        }
        directoryTimes[try directory.status().inode] = member.attributes.modified
    }

    /// Links to a file that the archive brought before; a link there is linked, not followed.
    private mutating func link(_ member: TarEntry, _ name: ByteString, in parent: borrowing OwnedDescriptor) throws {
        let target = member.linkTarget.lexicallyCleanedAbsolute.pathComponents
        let missing = LayerError.missingLinkTarget(member.path, target: member.linkTarget)
        guard let last = target.last else { throw missing }
        let path = target.dropLast().joinedAsPath
        let source: DescriptorHandle
        do {
            source = DescriptorHandle(try root.descriptor.open(path, [.pathOnly, .directory], resolving: .inRoot))
        } catch {
            throw [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) ? missing : error
        }
        guard let status = try source.descriptor.recordedStatus(of: last), status.kind != .directory,
            !OverlayMark.isWhiteout(status)
        else { throw missing }
        try parent.makeHardLink(name, to: last, in: source.descriptor)
    }
}
