package import ContentStorage
package import LayerSnapshots
package import OCIModel

/// An image of the store: its manifest and its configuration.
package struct AssembledImage: Hashable, Sendable {
    /// Media type, digest and size of the manifest.
    package var manifest: Descriptor
    package var document: ImageManifest
    package var configuration: ImageConfiguration

    package init(manifest: Descriptor, document: ImageManifest, configuration: ImageConfiguration) {
        self.manifest = manifest
        self.document = document
        self.configuration = configuration
    }

    /// Reads the documents of an image from the store, and checks them against their digests.
    ///
    /// - Throws: ``ExportError``; `DocumentError`; `StorageError` when a document is missing or damaged.
    package init(reading digest: Digest, from blobs: BlobStore) throws {
        let bytes = try blobs.readAll(digest)
        let document = try CanonicalJSON.decode(ImageManifest.self, from: bytes)
        guard document.config.mediaType.isConfig else { throw ExportError.notAnImage(document.config.mediaType) }
        let configuration = try CanonicalJSON.decode(
            ImageConfiguration.self,
            from: try blobs.readAll(document.config.digest)
        )
        guard configuration.rootfs.diffIDs.count == document.layers.count else {
            throw ExportError.layerCount(
                layers: document.layers.count,
                expected: configuration.rootfs.diffIDs.count
            )
        }
        self.init(
            manifest: Descriptor(
                mediaType: document.mediaType ?? .imageManifest,
                digest: digest,
                size: UInt64(bytes.count)
            ),
            document: document,
            configuration: configuration
        )
    }

    /// The layers, the lowest first, with their digests compressed and uncompressed.
    package var layers: [PackedLayer] {
        zip(configuration.rootfs.diffIDs, document.layers).map { PackedLayer(diffID: $0, blob: $1) }
    }

    /// Every blob that belongs to the image: manifest, configuration, layers.
    package var blobs: [Descriptor] {
        [manifest, document.config] + document.layers
    }
}
