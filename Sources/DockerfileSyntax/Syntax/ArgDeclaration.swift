package import ByteStrings

/// One name of an `ARG` instruction.
package struct ArgDeclaration: Hashable, Sendable {
    /// The name, with its quotes and escapes as written; it is expanded like a value.
    package var name: ByteString
    /// The default with its quotes as written, to be expanded; nil when there is no equals sign.
    package var defaultValue: ByteString?

    package init(name: ByteString, defaultValue: ByteString? = nil) {
        self.name = name
        self.defaultValue = defaultValue
    }
}
