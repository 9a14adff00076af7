/// The parts of one image: its configuration and its layers.
///
/// Source: OCI image-spec, `manifest.md`; Docker's schema 2 reads the same.
package struct ImageManifest: Hashable, Sendable {
    /// The type the document says it has; nil when it says none.
    package var mediaType: MediaType?
    package var artifactType: String?
    package var config: Descriptor

    /// The blobs of the layers, bottom first.
    package var layers: [Descriptor]
    package var subject: Descriptor?
    package var annotations: [String: String]?

    package init(
        mediaType: MediaType? = .imageManifest,
        config: Descriptor,
        layers: [Descriptor],
        annotations: [String: String]? = nil
    ) {
        self.mediaType = mediaType
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}

extension ImageManifest: Codable {
    private enum Key: String, CodingKey {
        case schemaVersion, mediaType, artifactType, config, layers, subject, annotations, manifests, fsLayers
    }

    /// Reads a manifest, and refuses one that could be taken for an index or an older manifest.
    ///
    /// - Throws: ``DocumentError`` or `DecodingError`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        try SchemaVersion.check(container.decode(Int.self, forKey: .schemaVersion))
        for key in [Key.manifests, .fsLayers] where container.contains(key) {
            throw DocumentError.ambiguous("layers", key.rawValue)
        }
        mediaType = try container.decodeIfPresent(MediaType.self, forKey: .mediaType)
        if let mediaType, !mediaType.isManifest {
            throw DocumentError.wrongMediaType(mediaType, expected: .imageManifest)
        }
        artifactType = try container.decodeIfPresent(String.self, forKey: .artifactType)
        config = try container.decode(Descriptor.self, forKey: .config)
        layers = try container.decodeIfPresent([Descriptor].self, forKey: .layers) ?? []
        subject = try container.decodeIfPresent(Descriptor.self, forKey: .subject)
        annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations)
    }

    /// Writes the manifest.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(SchemaVersion.current, forKey: .schemaVersion)
        try container.encodeIfPresent(mediaType, forKey: .mediaType)
        try container.encodeIfPresent(artifactType, forKey: .artifactType)
        try container.encode(config, forKey: .config)
        try container.encode(layers, forKey: .layers)
        try container.encodeIfPresent(subject, forKey: .subject)
        try container.encodeIfPresent(annotations, forKey: .annotations)
    }
}
