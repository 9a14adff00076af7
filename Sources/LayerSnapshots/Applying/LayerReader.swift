import ContentStorage
import LinuxSystem
import OCIModel
import TarArchive

/// Reads the archive in a layer's blob, and hashes every byte of it on the way.
final class LayerReader {
    private let archive: ArchiveReader
    private let tap: ArchiveTap

    /// Starts reading a layer of the store.
    init(_ layer: PackedLayer, from store: BlobStore, limits: ArchiveLimits) throws {
        let tap = try ArchiveTap(blob: store.open(layer.blob.digest, size: layer.blob.size), limits: limits)
        self.tap = tap
        archive = try ArchiveReader(.closure { try tap.read(into: $0) }, compressions: [.none], limits: limits)
    }

    /// The next member, or nil at the end of the archive.
    func next() throws -> TarEntry? {
        try archive.next()
    }

    /// Content of the current member; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try archive.read(into: buffer)
    }

    /// Reads what follows the archive's end as well, and checks all bytes against the digest.
    ///
    /// - Throws: `LayerError.diffIDMismatch`, or what reading fails with.
    func finish(expecting expected: DiffID) throws {
        try archive.drainSource()
        let actual = DiffID(tap.digest)
        if actual != expected { throw LayerError.diffIDMismatch(expected: expected, actual: actual) }
    }
}
