import ByteStrings
import FileModel

/// One name of a layer, without the bytes behind it.
struct LayerNode: Sendable {
    var kind: FileKind
    var attributes: FileAttributes

    /// In bytes; regular files only.
    var size: UInt64 = 0

    /// The text of a symbolic link.
    var linkTarget: ByteString = ""
    var device = DeviceNumber(major: 0, minor: 0)

    /// The same for all names of one file; the number of the node that was its first name.
    var file: Int32 = 0
    var children: [ByteString: Int32] = [:]

    /// Whether the name stands for a deletion and nothing else here holds.
    var isWhiteout = false

    /// Whether nothing of what lower layers have under this name shows through.
    var isOpaque = false

    /// Whether the layer says nothing of this directory but that something is in it, so a lower layer's attributes hold.
    var isImplied = false

    /// Whether entries of the tree below show in this directory.
    var merges = false

    init(kind: FileKind, attributes: FileAttributes) {
        self.kind = kind
        self.attributes = attributes
    }

    /// What a directory is that nobody describes.
    static let impliedDirectory = {
        var node = LayerNode(kind: .directory, attributes: FileAttributes(permissions: 0o755))
        node.isImplied = true
        return node
    }()

    static let whiteout = {
        var node = LayerNode(kind: .characterDevice, attributes: FileAttributes(permissions: 0))
        node.isWhiteout = true
        return node
    }()
}
