/// Which file on which file system: two names with the same one are hard links of each other.
package struct FileID: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64

    package init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }

    /// Whether it stays the same file in another process: trees that are in memory number theirs by devices that no file
    /// system has.
    var isOfFileSystem: Bool { device > 0 && device <= UInt64(UInt32.max) }
}
