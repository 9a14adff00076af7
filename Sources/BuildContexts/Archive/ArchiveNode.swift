import ByteStrings
import FileModel

/// One name of an unpacked archive.
struct ArchiveNode: Sendable {
    var kind: FileKind
    var attributes: FileAttributes

    /// In bytes: the content of a regular file, the target of a symbolic link.
    var size: UInt64 = 0
    var linkTarget: ByteString = ""
    var device = DeviceNumber(major: 0, minor: 0)

    /// The same for all names of one file; the number of the node that was its first name.
    var file = 0

    /// Of a regular file.
    var content: ContentHash?
    var children: [ByteString: Int] = [:]

    init(kind: FileKind, attributes: FileAttributes) {
        self.kind = kind
        self.attributes = attributes
    }

    /// A directory that no member describes.
    static let impliedDirectory = ArchiveNode(kind: .directory, attributes: FileAttributes(permissions: 0o755))
}
