import FileModel
import LayerSnapshots
import OCIModel

/// The file system that a step leaves: a stack of layers, and the time that stands for it.
struct Snapshot: Sendable {
    /// The lowest first; empty for scratch.
    var layers: [SnapshotLayer]

    /// The newest of the base image's time and of what was copied in so far.
    ///
    /// It is what commands' files and the image itself are dated with, so that no clock gets into an image.
    var epoch: Timestamp

    static let empty = Snapshot(layers: [], epoch: .epoch)

    /// A digest of the content, or nil while a layer is still being packed.
    var settledContentDigest: Digest? {
        var (digest, position) = knownContentDigest
        for layer in layers[position...] {
            guard let packed = layer.packing.settledValue else { return nil }
            digest = CacheKeys.layer(packed.diffID, upon: digest)
            layer.contentDigest = digest
        }
        return digest
    }

    /// A digest of the content; waits for layers that are still being packed.
    ///
    /// - Throws: When packing failed.
    func contentDigest() async throws -> Digest {
        var (digest, position) = knownContentDigest
        for layer in layers[position...] {
            digest = CacheKeys.layer(try await layer.packing.value().diffID, upon: digest)
            layer.contentDigest = digest
        }
        return digest
    }

    /// The digest of the tallest part of the stack that has one, and the number of its layers.
    private var knownContentDigest: (Digest, Int) {
        for (position, layer) in layers.enumerated().reversed() {
            if let digest = layer.contentDigest { return (digest, position + 1) }
        }
        return (CacheKeys.noLayers, 0)
    }
}
