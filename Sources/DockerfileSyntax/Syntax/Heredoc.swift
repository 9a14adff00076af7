package import ByteStrings

/// A document inside the Dockerfile: `<<EOF` and the lines up to `EOF`.
package struct Heredoc: Hashable, Sendable {
    /// The end word without quotes: also the name of the file a `COPY` makes of it.
    package var name: ByteString
    /// The lines before the end word, each with its line end; leading tabs are already gone where `<<-` says so.
    package var content: ByteString
    /// The same lines with their leading tabs: what a shell that reads the document itself is given.
    package var writtenContent: ByteString
    /// Whether variables in the content are expanded: no part of the end word was quoted.
    package var expands: Bool
    /// Whether it was written `<<-`.
    package var stripsTabs: Bool
    /// The number before `<<`, or nil.
    package var fileDescriptor: Int?
    /// The whole word as written, such as `3<<-"EOF"`.
    package var written: ByteString

    package init(
        name: ByteString,
        content: ByteString,
        expands: Bool = true,
        stripsTabs: Bool = false,
        fileDescriptor: Int? = nil,
        written: ByteString,
        writtenContent: ByteString? = nil
    ) {
        self.name = name
        self.content = content
        self.writtenContent = writtenContent ?? content
        self.expands = expands
        self.stripsTabs = stripsTabs
        self.fileDescriptor = fileDescriptor
        self.written = written
    }
}
