package import ByteStrings
package import OCIModel

/// One `--build-context`, as far as a plan depends on it.
package struct PlanContext: Hashable, Sendable {
    /// What stands behind the name.
    package enum Kind: Hashable, Sendable {
        /// An image, which is asked for by the name that the Dockerfile has for it.
        case image

        /// Files; operations know them under this name.
        case files(ByteString)

        /// A stage of the Dockerfile, by name or number.
        case stage(ByteString)

        /// A file system without files.
        case nothing
    }

    /// The stage or image that is replaced, in any spelling of a reference.
    package var name: ByteString

    /// The only platform that it is replaced for; nil for all that have no context of their own.
    package var platform: Platform?
    package var kind: Kind

    package init(name: ByteString, platform: Platform? = nil, kind: Kind) {
        self.name = name
        self.platform = platform
        self.kind = kind
    }
}
