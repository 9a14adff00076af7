import ContentStorage
import LayerSnapshots
import LinuxSystem
import OCIModel

/// Proves that a layer is the one its image's configuration names.
struct LayerVerifier {
    let blobs: BlobStore
    let knownLayer: (Digest) throws -> DiffID?

    /// - Throws: ``ExportError/unknownLayer(_:)``, ``ExportError/wrongDiffID(expected:actual:)``, or what reading the
    ///   layer throws.
    func verify(_ layer: PackedLayer, _ blob: SourceBlob) throws {
        guard let compression = layer.blob.mediaType.layerCompression else {
            throw ExportError.unknownLayer(layer.blob.mediaType)
        }
        let actual: DiffID
        if compression == .uncompressed {
            actual = DiffID(blob.stored.digest)
        } else if let known = try knownLayer(blob.stored.digest) {
            actual = known
        } else {
            actual = try Self.diffID(of: blob.open(in: blobs))
        }
        guard actual == layer.diffID else {
            throw ExportError.wrongDiffID(expected: layer.diffID, actual: actual)
        }
    }

    private static func diffID(of file: borrowing OwnedDescriptor) throws -> DiffID {
        var digester = Digester(.sha256)
        try LayerBytes.read(file, compressed: true) { digester.update($0) }
        return DiffID(digester.finalize())
    }
}
