package import ByteStrings
package import FileModel
import CLinuxSystem
import Glibc
import SystemPackage

/// What the kernel knows about a file.
///
/// Source: `stat(2)`, `inode(7)`.
package struct FileStatus: Hashable, Sendable {
    package var kind: FileKind

    /// The twelve mode bits: set-id, sticky and `rwx` for three.
    package var permissions: UInt16
    package var owner: UInt32
    package var group: UInt32

    /// Bytes; of a symbolic link, the length of its text.
    package var size: UInt64

    /// Bytes that the file occupies on its file system; fewer than `size` when it has holes.
    package var allocatedSize: UInt64

    /// The file system that holds the file; together with `inode` it says which file this is.
    package var device: UInt64
    package var inode: UInt64
    package var linkCount: UInt64

    /// The numbers of a device file; zeros for everything else.
    package var deviceNumber: DeviceNumber
    package var modified: Timestamp

    /// When bytes or attributes changed last; nobody can set it.
    package var changed: Timestamp

    /// The status of a path of the host, or nil when nothing is there (`ENOENT`, `ENOTDIR`).
    package static func at(hostPath: ByteString, followingLinks: Bool) throws(SystemError) -> FileStatus? {
        try read(AT_FDCWD, hostPath, followingLinks ? 0 : AT_SYMLINK_NOFOLLOW, orNil: true)
    }

    static func read(
        _ directory: CInt,
        _ path: ByteString,
        _ flags: CInt,
        orNil: Bool = false
    ) throws(SystemError) -> FileStatus? {
        var status = stat()
        do {
            try systemCall("read the status of", path: path) { fstatat(directory, $0, &status, flags) }
        } catch let error where orNil && (error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory) {
            return nil
        }
        return try FileStatus(status, path)
    }

    private init(_ status: stat, _ path: ByteString) throws(SystemError) {
        guard let kind = FileKind(mode: status.st_mode) else {
            throw SystemError(operation: "read the status of", errno: .notSupported, path: path)
        }
        self.kind = kind
        permissions = UInt16(truncatingIfNeeded: status.st_mode & 0o7777)
        owner = status.st_uid
        group = status.st_gid
        size = UInt64(clamping: status.st_size)
        allocatedSize = UInt64(clamping: status.st_blocks) &* 512
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        linkCount = UInt64(status.st_nlink)
        let isDevice = kind == .characterDevice || kind == .blockDevice
        let number = isDevice ? UInt64(status.st_rdev) : 0
        deviceNumber = DeviceNumber(major: slipway_device_major(number), minor: slipway_device_minor(number))
        modified = Timestamp(status.st_mtim)
        changed = Timestamp(status.st_ctim)
    }
}

extension OwnedDescriptor {
    /// The status of this file.
    package borrowing func status() throws(SystemError) -> FileStatus {
        guard let status = try FileStatus.read(rawValue, "", slipway_at_empty_path) else {
            throw SystemError(operation: "read the status of", errno: .badFileDescriptor)
        }
        return status
    }

    /// The status of the entry `name` of this directory, which is not followed.
    package borrowing func status(of name: ByteString) throws(SystemError) -> FileStatus {
        guard let status = try statusIfPresent(of: name) else {
            throw SystemError(operation: "read the status of", errno: .noSuchFileOrDirectory, path: name)
        }
        return status
    }

    /// The status of the entry `name` of this directory, which is not followed, or nil when there is none.
    package borrowing func statusIfPresent(of name: ByteString) throws(SystemError) -> FileStatus? {
        guard name.isSingleComponent else {
            throw SystemError(operation: "read the status of", errno: .invalidArgument, path: name)
        }
        return try FileStatus.read(rawValue, name, AT_SYMLINK_NOFOLLOW, orNil: true)
    }
}

extension FileKind {
    /// The kind of a file by the type bits of its mode; nil when they are none of the seven.
    init?(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFLNK: self = .symbolicLink
        case S_IFCHR: self = .characterDevice
        case S_IFBLK: self = .blockDevice
        case S_IFIFO: self = .fifo
        case S_IFSOCK: self = .socket
        default: return nil
        }
    }

    /// The type bits of the mode of a file of this kind.
    var mode: mode_t {
        switch self {
        case .regular: S_IFREG
        case .directory: S_IFDIR
        case .symbolicLink: S_IFLNK
        case .characterDevice: S_IFCHR
        case .blockDevice: S_IFBLK
        case .fifo: S_IFIFO
        case .socket: S_IFSOCK
        }
    }
}

extension Timestamp {
    init(_ time: timespec) {
        self.init(seconds: Int64(time.tv_sec), nanoseconds: UInt32(clamping: time.tv_nsec))
    }

    var systemTime: timespec {
        timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds))
    }
}
