package import ByteStrings

/// A COPY or ADD instruction, expanded.
package struct CopyOperation: Hashable, Sendable {
    /// One source.
    package enum Source: Hashable, Sendable {
        /// A path or pattern inside the origin, as written and expanded.
        case path(ByteString)

        /// Something on another machine.
        case remote(RemoteSource)

        /// A heredoc.
        case inline(InlineFile)

        /// Whether the source is read from the origin.
        package var isPath: Bool {
            if case .path = self { true } else { false }
        }
    }

    /// What becomes of a source that is a tar archive.
    package enum Unpacking: String, Hashable, Sendable, CaseIterable {
        case never

        /// An archive, plain or compressed, is extracted; any other file is copied.
        case ifArchive
    }

    package var sources: [Source]

    /// Where paths are read from; `.nothing` when no source is a path.
    package var origin: FileOrigin

    /// An absolute path; a slash at the end is kept, and says that it is a folder.
    package var destination: ByteString

    /// The text of `--chown`; nil means root for a context, and the source's owner otherwise.
    package var owner: ByteString?

    /// The text of `--chmod`, octal or symbolic, already checked; nil means as at the source.
    package var permissions: ByteString?

    /// Whether the result does not depend on what was there before.
    package var isLink: Bool

    /// Whether sources keep the path they were given by.
    package var keepsParents: Bool

    /// Patterns of what is left out.
    package var excludes: [ByteString]

    package var unpacking: Unpacking

    /// Whether the instruction is ADD.
    package var isAdd: Bool

    package init(
        sources: [Source],
        origin: FileOrigin,
        destination: ByteString,
        owner: ByteString? = nil,
        permissions: ByteString? = nil,
        isLink: Bool = false,
        keepsParents: Bool = false,
        excludes: [ByteString] = [],
        unpacking: Unpacking = .never,
        isAdd: Bool = false
    ) {
        self.sources = sources
        self.origin = origin
        self.destination = destination
        self.owner = owner
        self.permissions = permissions
        self.isLink = isLink
        self.keepsParents = keepsParents
        self.excludes = excludes
        self.unpacking = unpacking
        self.isAdd = isAdd
    }
}
