package import ByteStrings

/// A line of an ignore file.
package struct IgnoreRule: Hashable, Sendable {
    /// The file as it is called towards people, such as `.dockerignore`.
    package var file: ByteString

    /// Counted from 1.
    package var line: Int

    /// The line without the blanks around it.
    package var text: ByteString

    package init(file: ByteString, line: Int, text: ByteString) {
        self.file = file
        self.line = line
        self.text = text
    }
}
