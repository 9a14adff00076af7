package import ByteStrings

/// One `--build-context NAME=LOCATION`.
package struct NamedContext: Hashable, Sendable {
    /// The kinds of location.
    package enum Location: Hashable, Sendable {
        /// A folder of the host.
        case folder(ByteString)

        /// `oci-archive:PATH`, a tar with an OCI image layout in it.
        case ociArchive(ByteString)

        /// `docker-archive:PATH`, what `docker save` writes.
        case dockerArchive(ByteString)

        /// `oci-layout://PATH[:TAG|@DIGEST]`, a folder with an OCI image layout.
        case ociLayout(path: ByteString, selector: String?)

        /// `docker-image://REFERENCE`, an image by its name.
        case image(String)
    }

    package var name: ByteString
    package var location: Location

    package init(name: ByteString, location: Location) {
        self.name = name
        self.location = location
    }
}
