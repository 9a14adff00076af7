package import ByteStrings

/// What a file carries beside its name and its bytes, and a layer keeps.
package struct FileAttributes: Hashable, Sendable {
    /// The twelve mode bits: set-id, sticky and `rwx` for three.
    package var permissions: UInt16
    package var owner: UInt32
    package var group: UInt32
    package var modified: Timestamp

    /// Extended attributes by full name, such as `security.capability`.
    package var extendedAttributes: [ByteString: [UInt8]]

    package init(
        permissions: UInt16,
        owner: UInt32 = 0,
        group: UInt32 = 0,
        modified: Timestamp = .epoch,
        extendedAttributes: [ByteString: [UInt8]] = [:]
    ) {
        self.permissions = permissions & 0o7777
        self.owner = owner
        self.group = group
        self.modified = modified
        self.extendedAttributes = extendedAttributes
    }
}
