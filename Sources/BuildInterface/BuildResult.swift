package import OCIModel

/// What a finished build made.
package struct BuildResult: Hashable, Sendable {
    /// The manifest of the image in the store.
    package var manifest: Digest

    /// The configuration of the image, which Docker calls the image's id.
    package var configuration: Digest

    /// The manifest's size in bytes.
    package var manifestSize: UInt64

    /// The names the image got.
    package var names: [String]

    /// How many steps were taken from the cache, and how many there were.
    package var cachedSteps: Int
    package var totalSteps: Int

    package init(
        manifest: Digest,
        configuration: Digest,
        manifestSize: UInt64,
        names: [String],
        cachedSteps: Int,
        totalSteps: Int
    ) {
        self.manifest = manifest
        self.configuration = configuration
        self.manifestSize = manifestSize
        self.names = names
        self.cachedSteps = cachedSteps
        self.totalSteps = totalSteps
    }
}
