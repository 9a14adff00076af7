/// A reference to a blob from within a document: what it is, its digest and its size.
///
/// Source: OCI image-spec, `descriptor.md`.
package struct Descriptor: Hashable, Sendable {
    package var mediaType: MediaType
    package var digest: Digest

    /// How many bytes the blob has.
    package var size: UInt64

    /// Other places to fetch the blob from; nil means none.
    package var urls: [String]?
    package var annotations: [String: String]?

    /// What an image runs on; given in an index only.
    package var platform: Platform?

    /// What an artifact is, when the blob is the manifest of one.
    package var artifactType: String?

    package init(
        mediaType: MediaType,
        digest: Digest,
        size: UInt64,
        urls: [String]? = nil,
        annotations: [String: String]? = nil,
        platform: Platform? = nil,
        artifactType: String? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.urls = urls
        self.annotations = annotations
        self.platform = platform
        self.artifactType = artifactType
    }

    /// Describes a blob in memory.
    package init(mediaType: MediaType, content: [UInt8]) {
        self.init(mediaType: mediaType, digest: .sha256(of: content), size: UInt64(content.count))
    }
}

extension Descriptor: Codable {}
