package import ByteStrings
package import SourceDiagnostics

/// A comment line of a Dockerfile.
package struct Comment: Hashable, Sendable {
    /// What stands behind the `#`, without blanks around it.
    package var text: ByteString
    /// From the `#` to the end of the text.
    package var range: SourceRange

    package init(text: ByteString, range: SourceRange) {
        self.text = text
        self.range = range
    }
}
