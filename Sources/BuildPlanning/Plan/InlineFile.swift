package import ByteStrings

/// A file whose bytes stand in the Dockerfile: a heredoc.
package struct InlineFile: Hashable, Sendable {
    /// One path component: the heredoc's delimiter.
    package var name: ByteString
    package var content: ByteString

    /// The mode bits.
    package var permissions: UInt16

    package init(name: ByteString, content: ByteString, permissions: UInt16) {
        self.name = name
        self.content = content
        self.permissions = permissions
    }
}
