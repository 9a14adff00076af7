/// The keys of annotations that tools agree on.
///
/// Source: OCI image-spec, `annotations.md`, "Pre-Defined Annotation Keys".
package enum Annotations {
    /// When the image was built: a time of RFC 3339.
    package static let created = "org.opencontainers.image.created"
    package static let authors = "org.opencontainers.image.authors"
    package static let url = "org.opencontainers.image.url"
    package static let documentation = "org.opencontainers.image.documentation"
    package static let source = "org.opencontainers.image.source"
    package static let version = "org.opencontainers.image.version"
    package static let revision = "org.opencontainers.image.revision"
    package static let vendor = "org.opencontainers.image.vendor"
    package static let licenses = "org.opencontainers.image.licenses"
    package static let title = "org.opencontainers.image.title"
    package static let description = "org.opencontainers.image.description"

    /// The tag of a manifest in the index of an image layout.
    package static let referenceName = "org.opencontainers.image.ref.name"
    package static let baseDigest = "org.opencontainers.image.base.digest"
    package static let baseName = "org.opencontainers.image.base.name"

    /// The full name of an image in the index of an archive, as containerd and Docker read it.
    package static let containerdImageName = "io.containerd.image.name"
}
