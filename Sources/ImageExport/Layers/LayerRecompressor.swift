import ContentStorage
import LayerSnapshots
import OCIModel
import TarArchive

/// Makes another blob of the same layer: `compression=`.
struct LayerRecompressor {
    let blobs: BlobStore
    let session: Session

    /// Stages the layer in another compression; its tar, and so its diff ID, stays the same.
    ///
    /// - Throws: ``ExportError/wrongDiffID(expected:actual:)`` when the blob was not the layer; what reading and
    ///   writing throw.
    func recompress(
        _ layer: PackedLayer,
        to compression: LayerCompression
    ) throws -> (layer: PackedLayer, blob: StagedBlob) {
        let file = try blobs.open(layer.blob.digest, size: layer.blob.size)
        let encoder = try LayerEncoder(compression, into: try blobs.writer(in: session))
        try LayerBytes.read(file, compressed: layer.blob.mediaType.layerCompression != .uncompressed) {
            try encoder.write($0)
        }
        let result = try encoder.stage()
        guard result.layer.diffID == layer.diffID else {
            throw ExportError.wrongDiffID(expected: layer.diffID, actual: result.layer.diffID)
        }
        return result
    }
}
