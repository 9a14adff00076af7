package import ByteStrings
package import FileModel

/// One member of a tar, without its content.
package struct TarEntry: Hashable, Sendable {
    /// The name; directories have no slash at the end.
    ///
    /// Written ones are relative, and the root is empty. Read ones are as the archive has them, possibly absolute or
    /// with `..` and `.` in them.
    package var path: ByteString
    package var kind: TarEntryKind
    package var attributes: FileAttributes

    /// How many bytes of content follow; zero for all but regular files.
    package var size: UInt64

    /// What a symbolic link says, or the path of the entry that a hard link is one with.
    package var linkTarget: ByteString

    /// The numbers of a device; zeros for all else.
    package var device: DeviceNumber

    package init(
        path: ByteString,
        kind: TarEntryKind,
        attributes: FileAttributes,
        size: UInt64 = 0,
        linkTarget: ByteString = "",
        device: DeviceNumber = DeviceNumber(major: 0, minor: 0)
    ) {
        self.path = path
        self.kind = kind
        self.attributes = attributes
        self.size = size
        self.linkTarget = linkTarget
        self.device = device
    }
}
