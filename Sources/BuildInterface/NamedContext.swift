package import ByteStrings
package import OCIModel

/// One `--build-context NAME[::PLATFORM]=LOCATION`.
package struct NamedContext: Hashable, Sendable {
    /// The kinds of location.
    package enum Location: Hashable, Sendable {
        /// A folder of the host, or an archive of one.
        case path(ByteString)

        /// A git reference, or a URL of an archive or any other file.
        case remote(ByteString)

        /// `oci-archive:PATH`, a tar with an OCI image layout in it.
        case ociArchive(ByteString)

        /// `docker-archive:PATH`, what `docker save` writes.
        case dockerArchive(ByteString)

        /// `oci-layout://PATH[:TAG|@DIGEST]`, a folder with an OCI image layout.
        case ociLayout(path: ByteString, selector: String?)

        /// `docker-image://REFERENCE`, an image by its name; `scratch` is nothing.
        case image(String)

        /// `target:NAME`, a stage of the Dockerfile.
        case stage(ByteString)
    }

    package var name: ByteString

    /// The only platform that the context is for; nil for all that have none of their own.
    package var platform: Platform?
    package var location: Location

    package init(name: ByteString, platform: Platform? = nil, location: Location) {
        self.name = name
        self.platform = platform
        self.location = location
    }

    /// What tells the context from others of its name.
    package var key: ByteString {
        platform.map { name + ByteString("::\($0)") } ?? name
    }
}
