package import ByteStrings
package import SourceDiagnostics

/// A `# name=value` line of the top of the file that changes how the rest is read.
package struct ParserDirective: Hashable, Sendable {
    /// `syntax`, `escape` or `check`, in lower case.
    package var name: ByteString
    /// The text after the equals sign without blanks around it.
    package var value: ByteString
    package var range: SourceRange

    package init(name: ByteString, value: ByteString, range: SourceRange) {
        self.name = name
        self.value = value
        self.range = range
    }
}
