package import ByteStrings

/// One `--output`: a form and a place.
package struct ExportTarget: Hashable, Sendable {
    /// The forms a result can take.
    package enum Form: String, Hashable, Sendable, CaseIterable {
        /// An OCI image layout in a tar, or in a folder with `tar=false`.
        case oci

        /// What `docker load` reads.
        case docker

        /// The image in the store.
        case image

        /// The files of the image in a folder.
        case local

        /// The files of the image in a tar.
        case tar
    }

    /// Where the result is written.
    package enum Destination: Hashable, Sendable {
        case path(ByteString)
        case standardOutput

        /// Into the store, for `image` and for `docker` without a `dest`.
        case store
    }

    package var form: Form
    package var destination: Destination

    /// `name=`: names the image in the archive or the store.
    package var names: [String] = []

    /// `compression=`: nil keeps layers as they are.
    package var compression: ExportCompression?

    /// `force-compression=true`: base layers are compressed anew as well.
    package var forcesCompression = false

    /// `tar=false`: an OCI layout as a folder.
    package var isFolder = false

    /// `oci-mediatypes=false`: Docker's media types in the manifest.
    package var usesDockerMediaTypes = false

    package init(form: Form, destination: Destination) {
        self.form = form
        self.destination = destination
    }
}
