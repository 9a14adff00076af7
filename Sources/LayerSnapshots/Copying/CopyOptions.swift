package import FileModel

/// What a copy makes of the attributes of what it copies.
package struct CopyOptions: Hashable, Sendable {
    /// Who owns files.
    package struct Owner: Hashable, Sendable {
        package var user: UInt32
        package var group: UInt32

        package init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }

        package static let root = Owner(user: 0, group: 0)
    }

    /// The owner of everything, or nil to keep what the source says; made directories are root's then.
    package var owner: Owner?

    /// What becomes of modes; symbolic links have none.
    package var permissions: PermissionChange?

    /// The time of directories that are made and of files that have none of their own.
    package var epoch: Timestamp

    package init(owner: Owner? = nil, permissions: PermissionChange? = nil, epoch: Timestamp) {
        self.owner = owner
        self.permissions = permissions
        self.epoch = epoch
    }
}
