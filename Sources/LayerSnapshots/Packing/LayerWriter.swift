package import ContentStorage
import OCIModel
package import TarArchive

/// Writes a layer: entries become an archive, the archive is hashed and compressed, and what comes of it is hashed and
/// stored, all in one pass.
///
/// For one thread. Dropped before ``finish()`` or ``stage()`` it leaves nothing in the store.
package final class LayerWriter {
    private var tar: TarWriter<LayerSink>
    private let sink: LayerSink
    private let blob: BlobWriter

    private let mediaType: MediaType

    /// Writes into `blob`, a new one.
    ///
    /// - Throws: `CompressionError`.
    package init(into blob: BlobWriter, compression: Compression = .gzip) throws {
        self.blob = blob
        sink = try LayerSink(blob, compression)
        tar = TarWriter(sink)
        switch compression {
        case .none: mediaType = .layerTar
        case .gzip: mediaType = .layerTarGzip
        case .zstd: mediaType = .layerTarZstd
        }
    }

    /// Starts the next entry; its path must not be in the layer yet, but its parents should.
    ///
    /// - Throws: `TarError`, or what storing throws.
    package func append(_ entry: TarEntry) throws {
        try tar.append(entry)
    }

    /// Adds bytes of the regular file that was appended last; exactly as many as its size says, in the end.
    ///
    /// - Throws: `TarError`, or what storing throws.
    package func write(content: UnsafeRawBufferPointer) throws {
        try tar.write(content: content)
    }

    /// Ends the layer and makes its blob part of the store.
    ///
    /// - Throws: `TarError`, or what storing throws.
    package func finish() throws -> PackedLayer {
        let diffID = try end()
        return layer(diffID, try blob.commit())
    }

    /// Ends the layer but leaves publishing to the caller, who can do that for several at once.
    ///
    /// - Throws: `TarError`, or what storing throws.
    package func stage() throws -> (layer: PackedLayer, blob: StagedBlob) {
        let diffID = try end()
        let staged = try blob.stage()
        return (layer(diffID, staged.stored), staged)
    }

    private func end() throws -> DiffID {
        try tar.finish()
        return try sink.finish()
    }

    private func layer(_ diffID: DiffID, _ stored: StoredBlob) -> PackedLayer {
        PackedLayer(
            diffID: diffID,
            blob: Descriptor(mediaType: mediaType, digest: stored.digest, size: stored.size)
        )
    }
}
