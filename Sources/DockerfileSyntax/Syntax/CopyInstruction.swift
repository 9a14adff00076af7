package import ByteStrings

/// `COPY source … destination`.
package struct CopyInstruction: Hashable, Sendable {
    /// At least one, in the order of the line; heredocs come after the paths.
    package var sources: [CopySource]
    /// Where to, unexpanded; a trailing slash means a directory.
    package var destination: ByteString
    /// The value of `--from`: a stage, an image or a named context.
    package var from: ByteString?
    package var chown: ByteString?
    package var chmod: ByteString?
    package var link: Bool
    package var parents: Bool
    /// The values of `--exclude`; they are never expanded.
    package var excludes: [ByteString]

    package init(
        sources: [CopySource],
        destination: ByteString,
        from: ByteString? = nil,
        chown: ByteString? = nil,
        chmod: ByteString? = nil,
        link: Bool = false,
        parents: Bool = false,
        excludes: [ByteString] = []
    ) {
        self.sources = sources
        self.destination = destination
        self.from = from
        self.chown = chown
        self.chmod = chmod
        self.link = link
        self.parents = parents
        self.excludes = excludes
    }
}
