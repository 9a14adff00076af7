package import ByteStrings

/// The socket of an ssh agent that a command may ask.
package struct SSHMount: Hashable, Sendable {
    /// The agent's name in the request; `default` unless it was given.
    package var id: ByteString

    /// Whether the build fails when no such agent was given; else the command runs without.
    package var isRequired: Bool

    package var permissions: UInt16
    package var owner: UInt32
    package var group: UInt32

    package init(
        id: ByteString = "default",
        isRequired: Bool = false,
        permissions: UInt16 = 0o600,
        owner: UInt32 = 0,
        group: UInt32 = 0
    ) {
        self.id = id
        self.isRequired = isRequired
        self.permissions = permissions
        self.owner = owner
        self.group = group
    }
}
