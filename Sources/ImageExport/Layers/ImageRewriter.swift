package import ContentStorage
package import FileModel
import LayerSnapshots
package import OCIModel

/// Makes the variant of an image that an export asks for: other compression, older times, Docker's media types.
package struct ImageRewriter {
    /// What is to be different; the default is nothing.
    package struct Changes: Hashable, Sendable {
        /// How layers are compressed; nil leaves them as they are.
        package var compression: LayerCompression?

        /// Whether layers of the base image get that compression as well.
        package var forcesCompression: Bool

        /// No file of the image's own layers is newer than this.
        package var latest: Timestamp?

        /// Whether the manifest uses Docker's media types instead of OCI's; nil leaves them as they are.
        package var usesDockerMediaTypes: Bool?

        package init(
            compression: LayerCompression? = nil,
            forcesCompression: Bool = false,
            latest: Timestamp? = nil,
            usesDockerMediaTypes: Bool? = nil
        ) {
            self.compression = compression
            self.forcesCompression = forcesCompression
            self.latest = latest
            self.usesDockerMediaTypes = usesDockerMediaTypes
        }
    }

    private let blobs: BlobStore
    private let session: Session

    package init(blobs: BlobStore, session: Session) {
        self.blobs = blobs
        self.session = session
    }

    /// Stores the changed image, or returns the image itself when nothing is different.
    ///
    /// The lowest `baseLayers` layers belong to the base image: their times stay, and their compression unless that is
    /// forced.
    ///
    /// - Throws: ``ExportError``, or what reading and writing layers throws.
    package func rewrite(
        _ image: AssembledImage,
        baseLayers: Int,
        _ changes: Changes
    ) throws -> AssembledImage {
        var staged: [StagedBlob] = []
        var layers: [PackedLayer] = []
        for (index, layer) in image.layers.enumerated() {
            let changed = try rewrite(layer, isOwn: index >= baseLayers, changes)
            layers.append(changed?.layer ?? layer)
            if let changed { staged.append(changed.blob) }
        }
        try blobs.publish(staged)

        var result = image
        result.configuration.rootfs.diffIDs = layers.map(\.diffID)
        var documents: [[UInt8]] = []
        // Written anew a configuration would lose what only other programs know of, so it is kept where it can be.
        if result.configuration != image.configuration {
            let bytes = try CanonicalJSON.encode(result.configuration)
            result.document.config = Descriptor(mediaType: image.document.config.mediaType, content: bytes)
            documents.append(bytes)
        }
        result.document.layers = zip(image.document.layers, layers).map { old, layer in
            old.digest == layer.blob.digest ? old : layer.blob
        }
        translate(&result, changes.usesDockerMediaTypes)
        if result.document == image.document { return image }

        let bytes = try CanonicalJSON.encode(result.document)
        documents.append(bytes)
        _ = try blobs.put(all: documents, in: session)
        result.manifest = Descriptor(
            mediaType: result.document.mediaType ?? image.manifest.mediaType,
            content: bytes
        )
        return result
    }

    private func rewrite(
        _ layer: PackedLayer,
        isOwn: Bool,
        _ changes: Changes
    ) throws -> (layer: PackedLayer, blob: StagedBlob)? {
        guard let current = layer.blob.mediaType.layerCompression else {
            throw ExportError.unknownLayer(layer.blob.mediaType)
        }
        let wanted = isOwn || changes.forcesCompression ? changes.compression ?? current : current
        if isOwn, let latest = changes.latest {
            return try LayerTimeClamp(blobs: blobs, session: session)
                .clamp(layer, to: latest, compression: wanted)
        }
        if wanted == current { return nil }
        return try LayerRecompressor(blobs: blobs, session: session)
            .recompress(layer, to: wanted)
    }

    /// A manifest has the types of one family; layers that were made here have OCI's so far.
    private func translate(_ image: inout AssembledImage, _ usesDocker: Bool?) {
        let isDocker = usesDocker ?? (image.manifest.mediaType == .dockerManifest)
        let translate = isDocker ? \MediaType.dockerEquivalent : \MediaType.ociEquivalent
        if usesDocker != nil { image.document.mediaType = MediaType.imageManifest[keyPath: translate] }
        image.document.config.mediaType = image.document.config.mediaType[keyPath: translate]
        for index in image.document.layers.indices {
            let type = image.document.layers[index].mediaType
            image.document.layers[index].mediaType = type[keyPath: translate]
        }
    }
}
