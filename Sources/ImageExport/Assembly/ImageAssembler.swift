package import ContentStorage
package import FileModel
package import LayerSnapshots
package import OCIModel

/// Makes an image of layers and a configuration: writes its two documents into the store.
///
/// Equal arguments give equal bytes. Source: OCI Image Format Specification 1.1, `manifest.md` and `config.md`.
package struct ImageAssembler: Sendable {
    private let blobs: BlobStore
    private let session: Session

    package init(blobs: BlobStore, session: Session) {
        self.blobs = blobs
        self.session = session
    }

    /// Stores configuration and manifest.
    ///
    /// `configuration` is complete but for `created`, `rootfs` and `history`, which come from the other arguments;
    /// `layers` has the lowest first, and `history` the oldest. Without `created` the image says no time. The types of
    /// layers are turned into those of the manifest's kind.
    ///
    /// - Throws: ``ExportError/layerCount(layers:expected:)`` when `history` speaks of another number of layers;
    ///   `ExportError.unknownLayer(_:)`; when storing fails.
    package func assemble(
        _ configuration: ImageConfiguration,
        layers: [PackedLayer],
        history: [History],
        created: Timestamp?,
        annotations: [String: String]? = nil,
        usesDockerMediaTypes: Bool = false
    ) throws -> AssembledImage {
        let described = history.count { !$0.emptyLayer }
        if !history.isEmpty, described != layers.count {
            throw ExportError.layerCount(layers: layers.count, expected: described)
        }
        var complete = configuration
        complete.created = created.map(RFC3339.text)
        complete.rootfs = RootFS(diffIDs: layers.map(\.diffID))
        complete.history = history

        let configurationBytes = try CanonicalJSON.encode(complete)
        let translate = usesDockerMediaTypes ? \MediaType.dockerEquivalent : \MediaType.ociEquivalent
        let document = ImageManifest(
            mediaType: MediaType.imageManifest[keyPath: translate],
            config: Descriptor(mediaType: MediaType.imageConfig[keyPath: translate], content: configurationBytes),
            layers: try layers.map { layer in
                guard layer.blob.mediaType.layerCompression != nil else {
                    throw ExportError.unknownLayer(layer.blob.mediaType)
                }
                var blob = layer.blob
                blob.mediaType = blob.mediaType[keyPath: translate]
                return blob
            },
            annotations: annotations
        )
        let manifestBytes = try CanonicalJSON.encode(document)
        _ = try blobs.put(all: [configurationBytes, manifestBytes], in: session)
        return AssembledImage(
            manifest: Descriptor(mediaType: MediaType.imageManifest[keyPath: translate], content: manifestBytes),
            document: document,
            configuration: complete
        )
    }
}
