import ContentStorage
import LinuxSystem
import OCIModel
import TarArchive

/// Hashes an archive on its way into the compressor.
final class LayerSink: ByteSink {
    private var digester = Digester(.sha256)
    private let encoder: any StreamEncoder

    init(_ blob: BlobWriter, _ compression: Compression) throws(CompressionError) {
        encoder = try compression.encoder(workers: Host.processorCount) { try blob.write($0) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        digester.update(bytes)
        try encoder.write(bytes)
    }

    /// The digest of the archive, when all of it is compressed.
    func finish() throws -> DiffID {
        try encoder.finish()
        return DiffID(digester.finalize())
    }
}
