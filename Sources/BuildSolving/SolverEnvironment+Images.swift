import ContentStorage
import LayerSnapshots
import OCIModel

extension SolverEnvironment {
    /// The layers of an image of the store, the lowest first.
    ///
    /// - Throws: When a blob of the image is missing or damaged, or its parts do not fit together.
    func layers(of manifestDigest: Digest) throws -> [PackedLayer] {
        let blobs = directory.blobs
        let manifest = try CanonicalJSON.decode(ImageManifest.self, from: try blobs.readAll(manifestDigest))
        let config = try CanonicalJSON.decode(ImageConfiguration.self, from: try blobs.readAll(manifest.config.digest))
        guard manifest.layers.count == config.rootfs.diffIDs.count else {
            throw SolveFailure(
                "image \(manifestDigest) has \(manifest.layers.count) layers, and names \(config.rootfs.diffIDs.count)"
            )
        }
        return zip(config.rootfs.diffIDs, manifest.layers).map { PackedLayer(diffID: $0, blob: $1) }
    }
}
