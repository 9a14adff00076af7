import BuildContexts
import ByteStrings
import FileModel
import LinuxSystem

/// What a name stands for in a stack of layers, and which layer says so.
struct MergedEntry: Sendable {
    enum Source: Sendable {
        /// The open directory that has the name.
        case tree(DescriptorHandle)

        /// The node.
        case index(LayerIndex, Int)

        /// Another view, by the path there.
        case view(SnapshotView, ByteString)
    }

    /// The layer's place, the lowest one 0; that of a view is not known.
    let layer: Int
    let source: Source
    let entry: TreeEntry

    /// Whether the layer has the directory only because of what is in it.
    let isImplied: Bool
    var isOpaque: Bool

    init(layer: Int, handle: DescriptorHandle, status: FileStatus) {
        self.layer = layer
        source = .tree(handle)
        entry = TreeEntry(status)
        isImplied = false
        isOpaque = false
    }

    init(_ entry: TreeEntry, at path: ByteString, of view: SnapshotView) {
        layer = 0
        source = .view(view, path)
        self.entry = entry
        isImplied = false
        isOpaque = false
    }

    init(layer: Int, node number: Int, of index: LayerIndex) {
        let node = index.nodes[number]
        self.layer = layer
        source = .index(index, number)
        isImplied = node.isImplied
        isOpaque = node.isOpaque
        entry = TreeEntry(
            kind: node.kind,
            permissions: node.attributes.permissions,
            owner: node.attributes.owner,
            group: node.attributes.group,
            size: node.kind == .symbolicLink ? UInt64(node.linkTarget.count) : node.size,
            modified: node.attributes.modified,
            deviceNumber: node.device,
            // No file system has such a number; every layer gets its own.
            fileID: FileID(device: .max - UInt64(layer), inode: UInt64(node.file)),
            linkCount: UInt64(index.linkCounts[node.file] ?? 1)
        )
    }
}
