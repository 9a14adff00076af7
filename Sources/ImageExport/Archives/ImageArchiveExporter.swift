import ByteStrings
package import ContentStorage
import FileModel
import OCIModel
package import TarArchive

/// Writes images of the store as one tar.
///
/// The bytes depend on the images and their names alone: members are sorted, and have no owner and no time. Blobs are
/// checked against their digests on the way.
package struct ImageArchiveExporter: Sendable {
    /// The two forms of an archive.
    package enum Form: Hashable, Sendable, CaseIterable {
        /// An OCI image layout.
        case oci

        /// What `docker load` reads, and an OCI image layout at the same time.
        case docker
    }

    private let blobs: BlobStore

    package init(blobs: BlobStore) {
        self.blobs = blobs
    }

    /// Writes the archive.
    ///
    /// - Throws: What `sink` throws; `StorageError` for a missing or damaged blob, the archive then is not whole.
    package func write(_ images: [ExportedImage], as form: Form, to sink: some ByteSink) throws {
        let plan = try form == .oci ? ArchivePlan.ociLayout(images) : ArchivePlan.dockerArchive(images)
        var tar = TarWriter(sink)
        for (path, content) in plan.members {
            switch content {
            case .directory:
                try tar.append(Self.entry(path, .directory, size: 0))
            case .document(let bytes):
                try tar.append(Self.entry(path, .regular, size: UInt64(bytes.count)))
                try bytes.withUnsafeBytes { try tar.write(content: $0) }
            case .blob(let blob):
                try tar.append(Self.entry(path, .regular, size: blob.size))
                try blobs.copy(blob.digest, size: blob.size) { try tar.write(content: $0) }
            }
        }
        try tar.finish()
    }

    private static func entry(_ path: ByteString, _ kind: TarEntryKind, size: UInt64) -> TarEntry {
        TarEntry(
            path: path,
            kind: kind,
            attributes: FileAttributes(permissions: kind == .directory ? 0o755 : 0o644),
            size: size
        )
    }
}
