/// A document that a reference can lead to: an index or a manifest.
package enum ImageDocument: Hashable, Sendable {
    case index(ImageIndex)
    case manifest(ImageManifest)

    /// Reads a document of the type that the descriptor or the registry's answer gives it.
    ///
    /// The type decides alone; the document's own `mediaType`, if any, must be the same.
    ///
    /// - Throws: ``DocumentError``.
    package init(_ bytes: [UInt8], mediaType: MediaType) throws(DocumentError) {
        let stated: MediaType?
        if mediaType.isIndex {
            let index = try CanonicalJSON.decode(ImageIndex.self, from: bytes)
            stated = index.mediaType
            self = .index(index)
        } else if mediaType.isManifest {
            let manifest = try CanonicalJSON.decode(ImageManifest.self, from: bytes)
            stated = manifest.mediaType
            self = .manifest(manifest)
        } else {
            throw .wrongMediaType(mediaType, expected: .imageManifest)
        }
        if let stated, stated != mediaType { throw .wrongMediaType(stated, expected: mediaType) }
    }
}
