import CLinuxSystem

/// What holds a file: the kind of file system and its room.
///
/// Source: `statfs(2)`.
package struct FilesystemStatus: Hashable, Sendable {
    /// The magic number, as in `linux/magic.h`.
    package var type: UInt64

    /// Bytes that this user may still write.
    package var available: UInt64

    /// Bytes in all.
    package var total: UInt64

    package static let overlay: UInt64 = 0x794c_7630
    package static let tmpfs: UInt64 = 0x0102_1994
    package static let procfs: UInt64 = 0x9fa0
    package static let nfs: UInt64 = 0x6969
}

extension OwnedDescriptor {
    /// The file system that holds this file.
    package borrowing func filesystem() throws(SystemError) -> FilesystemStatus {
        let file = rawValue
        var status = FilesystemStatus(type: 0, available: 0, total: 0)
        try systemCall("read the status of the file system") {
            slipway_filesystem(file, &status.type, &status.available, &status.total)
        }
        return status
    }
}
