import ByteStrings
import ContentStorage
import LinuxSystem
import OCIModel
import TarArchive

/// The images of a Docker archive, by its `manifest.json`.
///
/// Such an archive has no OCI manifests; they are made here, with the layers as they are.
/// Source: Docker Image Specification 1.2, "Combined Image JSON + Filesystem Changeset Format".
struct DockerCatalog: ImageCatalog {
    private let source: any ImageSource
    private let blobs: BlobStore
    private let session: Session
    private let entries: [DockerArchiveEntry]

    init(_ manifest: [UInt8], of source: any ImageSource, blobs: BlobStore, session: Session) throws {
        self.source = source
        self.blobs = blobs
        self.session = session
        do throws(DocumentError) {
            entries = try CanonicalJSON.decode([DockerArchiveEntry].self, from: manifest)
        } catch {
            throw ExportError.badDocument("manifest.json", reason: error.description)
        }
        if entries.isEmpty { throw ExportError.notAnImageArchive }
    }

    func all(for platform: Platform) throws -> [ArchivedImage] {
        try entries.map(read)
    }

    func one(_ selector: ImageSelector, for platform: Platform) throws -> ArchivedImage {
        let available = entries.map { $0.repoTags?.first ?? $0.config }
        switch selector {
        case .only:
            if entries.count > 1 { throw ExportError.severalImages(available) }
            return try read(entries[0])
        case .digest(let digest):
            for entry in entries {
                let image = try read(entry)
                if image.document.config.digest == digest || image.manifest.digest == digest { return image }
            }
        case .name:
            let matching = entries.filter { ($0.repoTags ?? []).contains(where: selector.matches) }
            if matching.count > 1 { throw ExportError.severalImages(available) }
            if let entry = matching.first { return try read(entry) }
        }
        throw ExportError.noSuchImage(selector.description, available: available)
    }

    private func read(_ entry: DockerArchiveEntry) throws -> ArchivedImage {
        let configurationBlob = try blob(entry.config)
        try checkName(of: entry.config, configurationBlob)
        let layers = try (entry.layers ?? []).map(blob)
        let document = ImageManifest(
            config: Descriptor(
                mediaType: .imageConfig,
                digest: configurationBlob.stored.digest,
                size: configurationBlob.stored.size
            ),
            layers: try layers.map { layer in
                Descriptor(mediaType: try mediaType(of: layer), digest: layer.stored.digest, size: layer.stored.size)
            }
        )
        let bytes = try CanonicalJSON.encode(document)
        let staged = try blobs.stage(bytes, in: session)
        return ArchivedImage(
            names: (entry.repoTags ?? []).compactMap { try? ImageReference($0) }.unique,
            manifest: Descriptor(mediaType: .imageManifest, content: bytes),
            document: document,
            configuration: try configurationBlob.readConfiguration(in: blobs),
            manifestBlob: SourceBlob(stored: staged.stored, staged: staged),
            configurationBlob: configurationBlob,
            layers: layers
        )
    }

    /// Older archives call the configuration by its digest, `<hex>.json`.
    private func checkName(of path: String, _ blob: SourceBlob) throws {
        guard path.hasSuffix(".json"), let expected = try? Digest("sha256:" + path.dropLast(".json".count)) else {
            return
        }
        guard expected == blob.stored.digest else {
            throw StorageError.wrongDigest(expected: expected, actual: blob.stored.digest)
        }
    }

    private func blob(_ path: String) throws -> SourceBlob {
        let clean = try ArchiveMembers.cleanPath(ByteString(path))
        guard let blob = try source.blob(at: clean) else { throw ExportError.missingMember(clean) }
        return blob
    }

    /// By the first bytes, for the archive does not say.
    private func mediaType(of layer: SourceBlob) throws -> MediaType {
        let file = try layer.open(in: blobs)
        return withUnsafeTemporaryAllocation(byteCount: 4, alignment: 4) { buffer in
            guard (try? file.read(into: buffer)) == 4 else { return .layerTar }
            if buffer.starts(with: [0x1f, 0x8b]) { return .layerTarGzip }
            if buffer.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) { return .layerTarZstd }
            return .layerTar
        }
    }
}
