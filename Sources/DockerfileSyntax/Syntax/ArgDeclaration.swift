package import ByteStrings

/// One name of an `ARG` instruction.
package struct ArgDeclaration: Hashable, Sendable {
    /// The name, with its quotes and escapes as written; it is expanded like a value.
    package var name: ByteString
    /// The default with its quotes as written, to be expanded; nil when there is no equals sign.
    package var defaultValue: ByteString?

    /// The comment lines between this name and what stands before it in the same instruction.
    package var comments: [Comment]

    package init(name: ByteString, defaultValue: ByteString? = nil, comments: [Comment] = []) {
        self.name = name
        self.defaultValue = defaultValue
        self.comments = comments
    }
}
