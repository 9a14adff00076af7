import ByteStrings
import FileModel
import LinuxSystem

@testable import BuildContexts

/// A tree in memory for tests.
struct MemoryTree: FileTree {
    struct Node: Sendable {
        var entry: TreeEntry
        var content: [UInt8] = []
        var link: ByteString = ""
        var attributes: [ByteString: [UInt8]] = [:]
    }

    private(set) var nodes: [ByteString: Node] = [:]
    private var lastInode: UInt64 = 1

    init() {
        nodes[""] = Node(entry: TreeEntry(kind: .directory, permissions: 0o755, fileID: FileID(device: 1, inode: 1)))
    }

    /// Reads lines of `path`, `path/` for a directory, `path -> target` for a link, `path = other` for a hard link.
    init(_ lines: String) {
        self.init()
        for line in lines.split(separator: "\n").map({ $0.drop { $0 == " " } }) where !line.isEmpty {
            let words = line.split(separator: " ").map(String.init)
            let path = ByteString(words[0])
            switch words.count > 1 ? words[1] : "" {
            case "->": addLink(path, to: ByteString(words[2]))
            case "=": addHardLink(path, to: ByteString(words[2]))
            case "fifo": add(path, kind: .fifo)
            default: path.hasSuffix("/") ? addFolder(path.pathComponents.joinedAsPath) : addFile(path)
            }
        }
    }

    mutating func add(_ path: ByteString, kind: FileKind, permissions: UInt16 = 0o644, size: UInt64 = 0) {
        addFolder(ByteString(path.bytes[..<(path.bytes.lastIndex(of: ByteString.slash) ?? 0)]))
        lastInode += 1
        let file = FileID(device: 1, inode: lastInode)
        nodes[path] = Node(entry: TreeEntry(kind: kind, permissions: permissions, size: size, fileID: file))
    }

    mutating func addFolder(_ path: ByteString) {
        if nodes[path] == nil { add(path, kind: .directory, permissions: 0o755) }
    }

    /// The content is the path unless another is given.
    mutating func addFile(_ path: ByteString, _ content: ByteString? = nil) {
        let bytes = (content ?? path).bytes
        add(path, kind: .regular, size: UInt64(bytes.count))
        nodes[path]?.content = bytes
    }

    mutating func addLink(_ path: ByteString, to target: ByteString) {
        add(path, kind: .symbolicLink, permissions: 0o777, size: UInt64(target.count))
        nodes[path]?.link = target
    }

    mutating func addHardLink(_ path: ByteString, to other: ByteString) {
        addFolder(ByteString(path.bytes[..<(path.bytes.lastIndex(of: ByteString.slash) ?? 0)]))
        nodes[path] = nodes[other]
        let file = nodes[other]?.entry.fileID
        let names = nodes.filter { $0.value.entry.fileID == file }.keys
        for name in names { nodes[name]?.entry.linkCount = UInt64(names.count) }
    }

    mutating func change(_ path: ByteString, _ change: (inout Node) -> Void) {
        if var node = nodes[path] {
            change(&node)
            nodes[path] = node
        }
    }

    func status(_ path: ByteString) -> TreeEntry? {
        nodes[path]?.entry
    }

    func children(_ path: ByteString) throws -> [TreeChild] {
        guard nodes[path]?.entry.kind == .directory else { throw ContextError.notDirectory(path) }
        return nodes.compactMap { name, node in
            guard !name.isEmpty, name.bytes.lastIndex(of: ByteString.slash) ?? 0 == path.count, name.hasPrefix(path),
                !path.isEmpty || !name.contains(ByteString.slash)
            else { return nil }
            return TreeChild(name: name.lastPathComponent, entry: node.entry)
        }.sorted { $0.name < $1.name }
    }

    func readLink(_ path: ByteString) throws -> ByteString {
        guard let node = nodes[path], node.entry.kind == .symbolicLink else { throw ContextError.notLink(path) }
        return node.link
    }

    func open(_ path: ByteString) throws -> OwnedDescriptor {
        guard let node = nodes[path], node.entry.kind == .regular else { throw ContextError.notRegularFile(path) }
        return try MemoryFile.sealed(name: "memory-tree", bytes: node.content)
    }

    func extendedAttributes(_ path: ByteString) -> [ByteString: [UInt8]] {
        nodes[path]?.attributes ?? [:]
    }
}
