package import ByteStrings

/// A secret that a command sees as a file, a variable or both; its value is never part of a plan.
package struct SecretMount: Hashable, Sendable {
    package var id: ByteString

    /// Whether the build fails when no such secret was given; else the command runs without.
    package var isRequired: Bool

    /// The variable to set; nil for none.
    package var environmentName: ByteString?

    package var permissions: UInt16
    package var owner: UInt32
    package var group: UInt32

    package init(
        id: ByteString,
        isRequired: Bool = false,
        environmentName: ByteString? = nil,
        permissions: UInt16 = 0o400,
        owner: UInt32 = 0,
        group: UInt32 = 0
    ) {
        self.id = id
        self.isRequired = isRequired
        self.environmentName = environmentName
        self.permissions = permissions
        self.owner = owner
        self.group = group
    }
}
