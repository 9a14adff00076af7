package import ByteStrings
package import FileModel
package import LinuxSystem
import Synchronization

/// An archive as a build context: its names and attributes in memory, the bytes of its files in a folder.
///
/// Nothing on the disk is called what the archive calls it, and nothing there has the archive's owners or modes, so a
/// member can neither reach beyond the folder nor become a program of the host. Owners, modes, times and extended
/// attributes are the archive's, also for users who could not give them to files.
package final class ArchiveContext: FileTree {
    private let nodes: [ArchiveNode]
    private let linkCounts: [Int: Int]

    /// Holds the content of each file under its number.
    private let folder: FolderHandle

    /// The directories that were looked up last.
    private let trail = Mutex(PathTrail(root: 0))

    init(nodes: [ArchiveNode], folder: FolderHandle) {
        self.nodes = nodes
        self.folder = folder
        linkCounts = Self.countLinks(nodes)
    }

    /// The time of the newest regular file; nil when there is none.
    package var newestFileTime: Timestamp? {
        nodes.filter { $0.kind == .regular }.map(\.attributes.modified).max()
    }

    package func status(_ path: ByteString) throws -> TreeEntry? {
        find(path).map(entry)
    }

    package func children(_ path: ByteString) throws -> [TreeChild] {
        let number = try required(path)
        guard nodes[number].kind == .directory else { throw ContextError.notDirectory(path) }
        return nodes[number].children.sorted { $0.key < $1.key }.map { name, child in
            TreeChild(name: name, entry: entry(child))
        }
    }

    package func readLink(_ path: ByteString) throws -> ByteString {
        let node = nodes[try required(path)]
        guard node.kind == .symbolicLink else { throw ContextError.notLink(path) }
        return node.linkTarget
    }

    package func open(_ path: ByteString) throws -> OwnedDescriptor {
        let node = nodes[try required(path)]
        guard node.kind == .regular else { throw ContextError.notRegularFile(path) }
        return try folder.descriptor.openChild(ArchiveUnpacker.contentName(node.file), .readOnly)
    }

    package func extendedAttributes(_ path: ByteString) throws -> [ByteString: [UInt8]] {
        nodes[try required(path)].attributes.extendedAttributes
    }

    package func knownContentHash(_ path: ByteString) throws -> ContentHash? {
        find(path).flatMap { nodes[$0].content }
    }

    private func entry(_ number: Int) -> TreeEntry {
        let node = nodes[number]
        return TreeEntry(
            kind: node.kind,
            permissions: node.attributes.permissions,
            owner: node.attributes.owner,
            group: node.attributes.group,
            size: node.size,
            modified: node.attributes.modified,
            deviceNumber: node.device,
            fileID: FileID(device: 0, inode: UInt64(node.file)),
            linkCount: UInt64(linkCounts[node.file] ?? 1)
        )
    }

    private func required(_ path: ByteString) throws -> Int {
        guard let number = find(path) else {
            throw ContextError.notFound(path: path, nearest: nil, hiddenBy: nil)
        }
        return number
    }

    /// The node at a clean relative path.
    private func find(_ path: ByteString) -> Int? {
        if path.isEmpty { return 0 }
        let (folder, name) = path.folderAndName
        let parent = trail.withLock { trail in
            trail.value(at: folder)
                ?? trail.follow(folder) { parent, name, _ in
                    nodes[parent].children[name].flatMap { nodes[$0].kind == .directory ? $0 : nil }
                }
        }
        return parent.flatMap { nodes[$0].children[name] }
    }

    /// How many names each file has that has several.
    private static func countLinks(_ nodes: [ArchiveNode]) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for node in nodes where node.kind == .directory {
            for child in node.children.values where nodes[child].kind != .directory {
                counts[nodes[child].file, default: 0] += 1
            }
        }
        return counts.filter { $0.value > 1 }
    }
}
