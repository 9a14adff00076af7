package import ByteStrings
import FileModel
package import LinuxSystem
package import OCIModel

/// What an imported archive is remembered by: the file as it was, and which image of it was picked.
///
/// Any write to the file changes the key, so an equal key means that the import may be left out.
package struct ArchiveKey: Hashable, Sendable {
    /// Unambiguous, for a database.
    package let bytes: ByteString

    package init(path: ByteString, status: FileStatus, selector: ImageSelector, platform: Platform) {
        let file = [
            status.device, status.inode, status.size,
            UInt64(bitPattern: status.modified.seconds), UInt64(status.modified.nanoseconds),
            UInt64(bitPattern: status.changed.seconds), UInt64(status.changed.nanoseconds),
        ].map(String.init).joined(separator: " ")
        // The path comes last: it may hold any byte.
        let selected = selector.description
        bytes = ByteString("1 \(file) \(platform) \(selected.utf8.count) \(selected) ") + path
    }
}
