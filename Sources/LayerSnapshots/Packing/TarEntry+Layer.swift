import ByteStrings
import FileModel
import LinuxSystem
import TarArchive

extension TarEntry {
    /// The entry of a file, without link target and extended attributes; nil for a socket, which archives cannot hold.
    init?(path: ByteString, _ status: FileStatus) {
        guard let kind = TarEntryKind(status.kind) else { return nil }
        self.init(
            path: path,
            kind: kind,
            attributes: FileAttributes(
                permissions: status.permissions,
                owner: status.owner,
                group: status.group,
                modified: status.modified
            ),
            size: status.kind == .regular ? status.size : 0,
            linkTarget: "",
            device: status.deviceNumber
        )
    }

    /// The member that says: the entry at `path` is deleted.
    static func whiteout(of path: ByteString) -> TarEntry {
        let parent = path.pathComponents.dropLast().joinedAsPath
        return mark(parent.appendingPath(Whiteout.prefix + path.lastPathComponent))
    }

    /// The member that says: the directory at `path` hides what lower layers have in it.
    static func opaqueMarker(in path: ByteString) -> TarEntry {
        mark(path.appendingPath(Whiteout.opaqueMarker))
    }

    private static func mark(_ path: ByteString) -> TarEntry {
        TarEntry(
            path: path,
            kind: .regular,
            attributes: FileAttributes(permissions: 0),
            size: 0,
            linkTarget: "",
            device: OverlayMark.whiteoutDevice
        )
    }
}

extension TarEntryKind {
    /// The kind of a member for a file of this kind; nil for a socket.
    init?(_ kind: FileKind) {
        switch kind {
        case .regular: self = .regular
        case .directory: self = .directory
        case .symbolicLink: self = .symbolicLink
        case .characterDevice: self = .characterDevice
        case .blockDevice: self = .blockDevice
        case .fifo: self = .fifo
        case .socket: return nil
        }
    }

    /// The kind of file that a member of this kind stands for; nil for a hard link, which may be any.
    var fileKind: FileKind? {
        switch self {
        case .regular: .regular
        case .directory: .directory
        case .symbolicLink: .symbolicLink
        case .characterDevice: .characterDevice
        case .blockDevice: .blockDevice
        case .fifo: .fifo
        case .hardLink: nil
        }
    }
}
