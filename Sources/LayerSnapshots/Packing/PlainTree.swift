package import ByteStrings
import FileModel
import LinuxSystem

/// A file system as plain files, on which a command runs where the kernel mounts no overlay.
///
/// What the tree looks like is noted before the command and compared after it: the kernel stamps every change of a file
/// with a time that nobody can set.
package struct PlainTree {
    /// The tree's root, a path of the host.
    package let path: ByteString

    private struct Stamp {
        var inode: UInt64
        var changed: Timestamp
        var isDirectory: Bool
    }

    private var stamps: [ByteString: Stamp] = [:]

    /// The names in each directory.
    private var names: [ByteString: [ByteString]] = [:]

    /// Notes what is in the tree now.
    ///
    /// - Throws: `SystemError`.
    package init(noting path: ByteString) throws {
        self.path = path
        var stamps: [ByteString: Stamp] = [:]
        var names: [ByteString: [ByteString]] = [:]
        try DirectoryWalk(hostPath: path).run { path, entry, directory in
            let status = try directory.descriptor.status(of: entry.name)
            let isDirectory = status.kind == .directory
            stamps[path] = Stamp(inode: status.inode, changed: status.changed, isDirectory: isDirectory)
            names[path.pathComponents.dropLast().joinedAsPath, default: []].append(entry.name)
            return isDirectory
        }
        self.stamps = stamps
        self.names = names
    }

    /// Moves what has changed into the directory `upper`, in the form in which an overlay would have it there.
    ///
    /// The tree is of no use afterwards. What `upper` had goes away.
    ///
    /// - Throws: `SystemError`.
    package consuming func moveChanges(to upper: ByteString) throws {
        let target = DescriptorHandle(try OwnedDescriptor.openDirectory(upper))
        for entry in try target.descriptor.entries() { try target.descriptor.removeTree(entry.name) }
        let root = DescriptorHandle(try OwnedDescriptor.openDirectory(path))
        let changes = PlainChanges(to: target, root: try root.descriptor.status())
        let (stamps, names) = (stamps, names)
        try DirectoryWalk(root).run(
            visit: { path, entry, directory in
                let status = try directory.descriptor.status(of: entry.name)
                changes.see(path)
                let known = stamps[path]
                let isSame = known?.inode == status.inode
                if isSame, known?.isDirectory == true, status.kind == .directory {
                    try changes.enter(path, directory, status, isChanged: known?.changed != status.changed)
                    return true
                }
                if isSame, known?.changed == status.changed { return false }
                try changes.move(path, from: directory, replaces: known != nil, isDirectory: status.kind == .directory)
                return false
            },
            leave: { path, _ in
                try changes.leave(path, deleting: names[path] ?? [])
            }
        )
    }
}

/// The changes of a plain tree on their way into an upper directory.
private final class PlainChanges {
    private struct Level {
        let path: ByteString
        let status: FileStatus
        let attributes: [ByteString: [UInt8]]
        var seen: Set<ByteString> = []

        /// Once the upper directory has it.
        var made: DescriptorHandle?
    }

    private var levels: [Level]

    init(to upper: DescriptorHandle, root: FileStatus) {
        levels = [Level(path: "", status: root, attributes: [:], made: upper)]
    }

    func see(_ path: ByteString) {
        levels[levels.count - 1].seen.insert(path.lastPathComponent)
    }

    func enter(
        _ path: ByteString,
        _ parent: DescriptorHandle,
        _ status: FileStatus,
        isChanged: Bool
    ) throws {
        let attributes = try parent.descriptor.extendedAttributes(of: path.lastPathComponent)
        levels.append(Level(path: path, status: status, attributes: attributes))
        if isChanged { _ = try place(levels.count - 1) }
    }

    func move(_ path: ByteString, from directory: DescriptorHandle, replaces: Bool, isDirectory: Bool) throws {
        let name = path.lastPathComponent
        let target = try place(levels.count - 1)
        try directory.descriptor.rename(name, to: name, in: target.descriptor)
        guard replaces, isDirectory else { return }
        let moved = try target.descriptor.openChild(name, .directory)
        let modified = try moved.status().modified
        try moved.setExtendedAttribute(OverlayMark.opaqueAttribute, OverlayMark.opaqueValue)
        try moved.setModified(modified)
    }

    func leave(_ path: ByteString, deleting names: [ByteString]) throws {
        let number = levels.count - 1
        let deleted = names.filter { !levels[number].seen.contains($0) }
        for name in deleted { try place(number).descriptor.makeWhiteout(name) }
        let level = levels.removeLast()
        try level.made?.descriptor.setModified(level.status.modified)
    }

    /// The directory of a level in the upper directory, made with those above it.
    private func place(_ number: Int) throws -> DescriptorHandle {
        if let made = levels[number].made { return made }
        let parent = try place(number - 1)
        let level = levels[number]
        let name = level.path.lastPathComponent
        try parent.descriptor.makeDirectory(name, permissions: 0o700)
        let made = DescriptorHandle(try parent.descriptor.openChild(name, .directory))
        try made.descriptor.setOwner(level.status.owner, level.status.group)
        try made.descriptor.setPermissions(level.status.permissions)
        for (attribute, value) in level.attributes { try made.descriptor.setExtendedAttribute(attribute, value) }
        levels[number].made = made
        return made
    }
}
