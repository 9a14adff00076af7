import ContentStorage
import LayerSnapshots
import LinuxSystem
import OCIModel
import TarArchive

/// Takes the bytes of a layer's tar; hashes, compresses and stages them in one pass.
///
/// For one thread. Dropped without ``stage()`` it leaves nothing.
final class LayerEncoder: ByteSink {
    private let blob: BlobWriter
    private let encoder: any StreamEncoder
    private let compression: LayerCompression
    private var digester = Digester(.sha256)

    init(_ compression: LayerCompression, into blob: BlobWriter) throws {
        self.blob = blob
        self.compression = compression
        let encoding: Compression =
            switch compression {
            case .uncompressed: .none
            case .gzip: .gzip
            case .zstd: .zstd
            }
        encoder = try encoding.encoder(workers: Host.processorCount) { try blob.write($0) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        digester.update(bytes)
        try encoder.write(bytes)
    }

    /// Ends the layer without publishing it.
    func stage() throws -> (layer: PackedLayer, blob: StagedBlob) {
        try encoder.finish()
        let staged = try blob.stage()
        let type: MediaType =
            switch compression {
            case .uncompressed: .layerTar
            case .gzip: .layerTarGzip
            case .zstd: .layerTarZstd
            }
        let layer = PackedLayer(
            diffID: DiffID(digester.finalize()),
            blob: Descriptor(mediaType: type, digest: staged.digest, size: staged.size)
        )
        return (layer, staged)
    }
}
