package import ByteStrings

/// `ADD source … destination`.
package struct AddInstruction: Hashable, Sendable {
    /// At least one, in the order of the line; heredocs come after the paths.
    package var sources: [CopySource]
    /// Where to, unexpanded; a trailing slash means a directory.
    package var destination: ByteString
    package var chown: ByteString?
    package var chmod: ByteString?
    package var checksum: ByteString?
    package var link: Bool
    /// The value of `--keep-git-dir`, or nil when the flag is not there.
    package var keepGitDirectory: Bool?
    /// The value of `--unpack`, or nil when the flag is not there: then what is added decides.
    package var unpack: Bool?
    /// The values of `--exclude`; they are never expanded.
    package var excludes: [ByteString]

    package init(
        sources: [CopySource],
        destination: ByteString,
        chown: ByteString? = nil,
        chmod: ByteString? = nil,
        checksum: ByteString? = nil,
        link: Bool = false,
        keepGitDirectory: Bool? = nil,
        unpack: Bool? = nil,
        excludes: [ByteString] = []
    ) {
        self.sources = sources
        self.destination = destination
        self.chown = chown
        self.chmod = chmod
        self.checksum = checksum
        self.link = link
        self.keepGitDirectory = keepGitDirectory
        self.unpack = unpack
        self.excludes = excludes
    }
}
