package import OCIModel

/// An image of the store.
package struct StoredImage: Sendable {
    /// Its name; nil for an image that has none.
    package var name: String?
    package var manifestDigest: Digest
    package var manifest: ImageManifest
    package var configuration: ImageConfiguration

    package init(name: String?, manifestDigest: Digest, manifest: ImageManifest, configuration: ImageConfiguration) {
        self.name = name
        self.manifestDigest = manifestDigest
        self.manifest = manifest
        self.configuration = configuration
    }
}
