package import ByteStrings

/// The folder of a WORKDIR instruction; parents are made too, what exists is left as it is.
package struct MakeDirectoryOperation: Hashable, Sendable {
    /// An absolute, clean path other than `/`.
    package var path: ByteString

    /// The text of USER, who owns what is made; empty means root.
    package var user: ByteString

    package init(path: ByteString, user: ByteString) {
        self.path = path
        self.user = user
    }

    /// The mode bits of folders it makes.
    package static let permissions: UInt16 = 0o755
}
