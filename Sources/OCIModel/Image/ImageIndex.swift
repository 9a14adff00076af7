/// A list of manifests, usually of one image for several platforms.
///
/// Source: OCI image-spec, `image-index.md`; Docker's manifest list reads the same.
package struct ImageIndex: Hashable, Sendable {
    /// The type the document says it has; nil when it says none.
    package var mediaType: MediaType?
    package var manifests: [Descriptor]
    package var artifactType: String?
    package var subject: Descriptor?
    package var annotations: [String: String]?

    package init(
        mediaType: MediaType? = .imageIndex,
        manifests: [Descriptor],
        annotations: [String: String]? = nil
    ) {
        self.mediaType = mediaType
        self.manifests = manifests
        self.annotations = annotations
    }

    /// The manifest that suits a platform best, or nil when none does.
    ///
    /// Without any exact match, an older variant of the same architecture is taken. Entries that are no images, such
    /// as attestations, have the platform `unknown/unknown` and never match.
    package func manifest(for platform: Platform) -> Descriptor? {
        for candidate in platform.inOrderOfPreference {
            let match = manifests.first { descriptor in
                (descriptor.mediaType.isManifest || descriptor.mediaType.isIndex)
                    && descriptor.platform.map { candidate.isSatisfied(by: $0) } ?? false
            }
            if let match { return match }
        }
        return nil
    }
}

extension ImageIndex: Codable {
    private enum Key: String, CodingKey {
        case schemaVersion, mediaType, manifests, artifactType, subject, annotations, layers, config
    }

    /// Reads an index, and refuses one that could be taken for a manifest.
    ///
    /// - Throws: ``DocumentError`` or `DecodingError`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        try SchemaVersion.check(container.decode(Int.self, forKey: .schemaVersion))
        for key in [Key.layers, .config] where container.contains(key) {
            throw DocumentError.ambiguous("manifests", key.rawValue)
        }
        mediaType = try container.decodeIfPresent(MediaType.self, forKey: .mediaType)
        if let mediaType, !mediaType.isIndex { throw DocumentError.wrongMediaType(mediaType, expected: .imageIndex) }
        manifests = try container.decodeIfPresent([Descriptor].self, forKey: .manifests) ?? []
        artifactType = try container.decodeIfPresent(String.self, forKey: .artifactType)
        subject = try container.decodeIfPresent(Descriptor.self, forKey: .subject)
        annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations)
    }

    /// Writes the index.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(SchemaVersion.current, forKey: .schemaVersion)
        try container.encodeIfPresent(mediaType, forKey: .mediaType)
        try container.encode(manifests, forKey: .manifests)
        try container.encodeIfPresent(artifactType, forKey: .artifactType)
        try container.encodeIfPresent(subject, forKey: .subject)
        try container.encodeIfPresent(annotations, forKey: .annotations)
    }
}
