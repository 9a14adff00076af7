package import LinuxSystem

extension TreeEntry {
    /// The entry of a file of the host.
    package init(_ status: FileStatus) {
        self.init(
            kind: status.kind,
            permissions: status.permissions,
            owner: status.owner,
            group: status.group,
            size: status.size,
            modified: status.modified,
            changed: status.changed,
            deviceNumber: status.deviceNumber,
            fileID: FileID(device: status.device, inode: status.inode),
            linkCount: status.linkCount
        )
    }
}
