package import ByteStrings

/// A folder that stays from build to build.
package struct CacheMount: Hashable, Sendable {
    /// How commands that run at the same time use one cache.
    package enum Sharing: String, Hashable, Sendable, CaseIterable {
        /// Together.
        case shared

        /// Each gets a folder that nobody else is using.
        case `private`

        /// One after another.
        case locked
    }

    /// The name of the cache with the namespace in front, when the build has one.
    package var id: ByteString
    package var sharing: Sharing

    /// What a new cache starts with; `.nothing` for an empty folder.
    package var origin: FileOrigin

    /// The absolute, clean path inside the cache (and its origin) that is mounted.
    package var source: ByteString

    /// Mode bits of the folder when it is made.
    package var permissions: UInt16

    /// Owner of the folder when it is made.
    package var owner: UInt32
    package var group: UInt32
    package var isReadOnly: Bool

    package init(
        id: ByteString,
        sharing: Sharing = .shared,
        origin: FileOrigin = .nothing,
        source: ByteString = "/",
        permissions: UInt16 = 0o755,
        owner: UInt32 = 0,
        group: UInt32 = 0,
        isReadOnly: Bool = false
    ) {
        self.id = id
        self.sharing = sharing
        self.origin = origin
        self.source = source
        self.permissions = permissions
        self.owner = owner
        self.group = group
        self.isReadOnly = isReadOnly
    }
}
