package import FileModel

/// What a tree knows of one file without opening it.
package struct TreeEntry: Hashable, Sendable {
    package var kind: FileKind

    /// The twelve mode bits: set-id, sticky and `rwx` for three.
    package var permissions: UInt16
    package var owner: UInt32
    package var group: UInt32

    /// In bytes: the content of a regular file, the target of a symbolic link; no meaning for other kinds.
    package var size: UInt64
    package var modified: Timestamp

    /// When content or attributes last changed (`st_ctime`); the same as `modified` in trees without that time.
    package var changed: Timestamp

    /// The device a character or block device stands for; zeroes for other kinds.
    package var deviceNumber: DeviceNumber

    /// Equal for all hard links of a file, different for any two other files of the tree.
    package var fileID: FileID

    /// How many names the file has, also outside the tree; at least 1.
    package var linkCount: UInt64

    package init(
        kind: FileKind,
        permissions: UInt16,
        owner: UInt32 = 0,
        group: UInt32 = 0,
        size: UInt64 = 0,
        modified: Timestamp = .epoch,
        changed: Timestamp? = nil,
        deviceNumber: DeviceNumber = DeviceNumber(major: 0, minor: 0),
        fileID: FileID,
        linkCount: UInt64 = 1
    ) {
        self.kind = kind
        self.permissions = permissions & 0o7777
        self.owner = owner
        self.group = group
        self.size = size
        self.modified = modified
        self.changed = changed ?? modified
        self.deviceNumber = deviceNumber
        self.fileID = fileID
        self.linkCount = linkCount
    }
}
