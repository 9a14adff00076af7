import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem
import OCIModel
import TarArchive

/// Writes a layer once more with no file newer than a given time: `rewrite-timestamp=true`.
struct LayerTimeClamp {
    let blobs: BlobStore
    let session: Session

    /// Stages the layer with changed times; it is another layer then, with another diff ID.
    ///
    /// - Throws: What reading and writing throw.
    func clamp(
        _ layer: PackedLayer,
        to latest: Timestamp,
        compression: LayerCompression
    ) throws -> (layer: PackedLayer, blob: StagedBlob) {
        let file = try blobs.open(layer.blob.digest, size: layer.blob.size)
        let encoder = try LayerEncoder(compression, into: try blobs.writer(in: session))
        let archive = try ArchiveReader(.descriptor(file.rawValue))
        var tar = TarWriter(encoder)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        while var entry = try archive.next() {
            entry.attributes.modified = min(entry.attributes.modified, latest)
            try tar.append(entry)
            while entry.kind == .regular {
                let count = try archive.read(into: buffer)
                if count == 0 { break }
                try tar.write(content: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        try tar.finish()
        try file.close()
        return try encoder.stage()
    }
}
