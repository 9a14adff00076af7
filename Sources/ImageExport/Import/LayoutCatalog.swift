import ByteStrings
import ContentStorage
import OCIModel

/// The images of an OCI image layout, by its `index.json`.
///
/// Source: OCI Image Format Specification 1.1, `image-layout.md`.
struct LayoutCatalog: ImageCatalog {
    private let source: any ImageSource
    private let blobs: BlobStore
    private let entries: [Descriptor]

    /// An index of an index of images is as deep as tools go.
    private static let deepestIndex = 4

    init(_ index: [UInt8], of source: any ImageSource, blobs: BlobStore) throws {
        self.source = source
        self.blobs = blobs
        do throws(DocumentError) {
            entries = try CanonicalJSON.decode(ImageIndex.self, from: index).manifests.filter(\.isOfImage)
        } catch {
            throw ExportError.badDocument("index.json", reason: error.description)
        }
    }

    func all(for platform: Platform) throws -> [ArchivedImage] {
        guard !entries.isEmpty else { throw ExportError.noSuchImage("", available: []) }
        return try grouped(entries).map { try resolve($0, for: platform) }
    }

    func one(_ selector: ImageSelector, for platform: Platform) throws -> ArchivedImage {
        let groups = try grouped(entries)
        let matching: [[Descriptor]]
        switch selector {
        case .only:
            matching = groups
        case .digest(let digest):
            return try byDigest(digest, for: platform)
        case .name:
            matching = groups.filter { group in
                group.contains { entry in entry.writtenNames.contains(where: selector.matches) }
            }
        }
        // Several names of one image are one image.
        let distinct = Dictionary(matching.map { ($0.map(\.digest), $0) }, uniquingKeysWith: { first, _ in first })
        guard let group = matching.first else {
            throw ExportError.noSuchImage(selector.description, available: available)
        }
        if distinct.count > 1 { throw ExportError.severalImages(available) }
        var image = try resolve(group, for: platform)
        image.names = matching.flatMap { $0 }.compactMap(\.reference).unique
        return image
    }

    /// A digest names an entry of the index, or a manifest that an index in it leads to.
    private func byDigest(_ digest: Digest, for platform: Platform) throws -> ArchivedImage {
        if let entry = entries.first(where: { $0.digest == digest }) { return try resolve([entry], for: platform) }
        for entry in entries where entry.mediaType.isIndex {
            let index = try readIndex(entry)
            if let inner = index.manifests.first(where: { $0.digest == digest }) {
                return try resolve([inner], for: platform)
            }
        }
        throw ExportError.noSuchImage(digest.description, available: available)
    }

    private var available: [String] {
        entries.map { $0.writtenNames.first ?? $0.digest.description }
    }

    /// Entries that are one image for several platforms stay together, in the order of the index.
    private func grouped(_ entries: [Descriptor]) throws -> [[Descriptor]] {
        var groups: [[Descriptor]] = []
        for entry in entries {
            let other = groups.firstIndex { group in
                group[0].writtenNames == entry.writtenNames && group[0].platform != nil && entry.platform != nil
                    && !group.contains { $0.platform == entry.platform }
            }
            if let other { groups[other].append(entry) } else { groups.append([entry]) }
        }
        return groups
    }

    private func resolve(_ group: [Descriptor], for platform: Platform) throws -> ArchivedImage {
        var candidates = group
        for _ in 0..<Self.deepestIndex {
            let chosen = try choose(candidates, for: platform)
            guard chosen.mediaType.isIndex else {
                return try read(chosen, names: group.compactMap(\.reference).unique)
            }
            candidates = try readIndex(chosen).manifests.filter(\.isOfImage)
        }
        throw ExportError.badDocument("index.json", reason: "indexes lead to indexes")
    }

    private func choose(_ candidates: [Descriptor], for platform: Platform) throws -> Descriptor {
        if let match = ImageIndex(manifests: candidates).manifest(for: platform) { return match }
        // The only one is meant, whatever it runs on.
        if candidates.count == 1 { return candidates[0] }
        throw ExportError.noSuchPlatform(platform, available: candidates.compactMap { $0.platform?.description })
    }

    private func readIndex(_ descriptor: Descriptor) throws -> ImageIndex {
        guard case .index(let index) = try readDocument(descriptor).document else {
            throw ExportError.badDocument(ArchivePlan.path(of: descriptor.digest), reason: "it is no index")
        }
        return index
    }

    private func read(_ descriptor: Descriptor, names: [ImageReference]) throws -> ArchivedImage {
        let (found, blob) = try readDocument(descriptor)
        guard case .manifest(let manifest) = found else {
            throw ExportError.badDocument(ArchivePlan.path(of: descriptor.digest), reason: "it is no manifest")
        }
        guard manifest.config.mediaType.isConfig else { throw ExportError.notAnImage(manifest.config.mediaType) }
        let configurationBlob = try self.blob(manifest.config)
        return ArchivedImage(
            names: names,
            manifest: Descriptor(mediaType: descriptor.mediaType, digest: descriptor.digest, size: descriptor.size),
            document: manifest,
            configuration: try configurationBlob.readConfiguration(in: blobs),
            manifestBlob: blob,
            configurationBlob: configurationBlob,
            layers: try manifest.layers.map(self.blob)
        )
    }

    private func readDocument(_ descriptor: Descriptor) throws -> (document: ImageDocument, blob: SourceBlob) {
        let blob = try blob(descriptor)
        let bytes = try blob.readAll(in: blobs)
        do throws(DocumentError) {
            return (try ImageDocument(bytes, mediaType: descriptor.mediaType), blob)
        } catch {
            throw ExportError.badDocument(ArchivePlan.path(of: descriptor.digest), reason: error.description)
        }
    }

    private func blob(_ descriptor: Descriptor) throws -> SourceBlob {
        let path = ArchivePlan.path(of: descriptor.digest)
        guard descriptor.digest.algorithm == .sha256 else {
            throw StorageError.unsupportedAlgorithm(descriptor.digest)
        }
        guard let blob = try source.blob(at: path) else { throw ExportError.missingMember(path) }
        guard blob.stored.digest == descriptor.digest else {
            throw StorageError.wrongDigest(expected: descriptor.digest, actual: blob.stored.digest)
        }
        guard blob.stored.size == descriptor.size else {
            throw StorageError.wrongSize(descriptor.digest, expected: descriptor.size, actual: blob.stored.size)
        }
        return blob
    }
}

extension Descriptor {
    /// Whether this may lead to an image: attestations and other artifacts beside images do not.
    fileprivate var isOfImage: Bool {
        guard mediaType.isManifest || mediaType.isIndex else { return false }
        return artifactType == nil && platform?.os != "unknown" && annotations?["vnd.docker.reference.type"] == nil
    }

    /// The names that the annotations give, as written: the full one first.
    fileprivate var writtenNames: [String] {
        [Annotations.containerdImageName, Annotations.referenceName].compactMap { annotations?[$0] }
    }

    /// The full name, unless there is only a tag.
    fileprivate var reference: ImageReference? {
        writtenNames.lazy.filter { $0.contains("/") || $0.contains(":") }
            .compactMap { try? ImageReference($0) }.first
    }
}

extension SourceBlob {
    /// The blob as the configuration of an image.
    func readConfiguration(in blobs: BlobStore) throws -> ImageConfiguration {
        let bytes = try readAll(in: blobs)
        do throws(DocumentError) {
            return try CanonicalJSON.decode(ImageConfiguration.self, from: bytes)
        } catch {
            throw ExportError.badDocument(ArchivePlan.path(of: stored.digest), reason: error.description)
        }
    }
}

extension [ImageReference] {
    /// Each once, in the order of their first appearance.
    var unique: [ImageReference] {
        var seen: Set<ImageReference> = []
        return filter { seen.insert($0).inserted }
    }
}
