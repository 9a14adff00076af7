/// The digest of a layer's uncompressed tar.
///
/// A type of its own, since mixing it up with the digest of the compressed blob is easy.
/// Source: OCI image-spec, `config.md`, "Layer DiffID".
package struct DiffID: Hashable, Sendable {
    package var digest: Digest

    package init(_ digest: Digest) {
        self.digest = digest
    }
}

extension DiffID: CustomStringConvertible {
    /// The text of the digest.
    package var description: String { digest.description }
}

extension DiffID: Codable {
    /// Reads the text of a digest.
    package init(from decoder: any Decoder) throws {
        digest = try Digest(from: decoder)
    }

    /// Writes the text of the digest.
    package func encode(to encoder: any Encoder) throws {
        try digest.encode(to: encoder)
    }
}
