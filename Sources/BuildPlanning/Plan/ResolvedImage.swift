package import OCIModel

/// An image that was found.
package struct ResolvedImage: Hashable, Sendable {
    /// The digest of its manifest.
    package var manifest: Digest
    package var configuration: ImageConfiguration

    package init(manifest: Digest, configuration: ImageConfiguration) {
        self.manifest = manifest
        self.configuration = configuration
    }
}
