package import ByteStrings

/// The numbers that a process runs with.
package struct ResolvedUser: Hashable, Sendable {
    package var user: UInt32
    package var group: UInt32

    /// Every group of the process, the one above first.
    package var groups: [UInt32]

    /// What `HOME` is when the environment does not say.
    package var home: ByteString

    package init(user: UInt32, group: UInt32, groups: [UInt32]? = nil, home: ByteString = "/") {
        self.user = user
        self.group = group
        self.groups = groups ?? [group]
        self.home = home
    }

    /// User and group 0 at home in `/root`.
    package static let root = ResolvedUser(user: 0, group: 0, home: "/root")
}
