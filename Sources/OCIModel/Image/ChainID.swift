/// The digest of a stack of layers, which names the file system they make together.
///
/// Source: OCI image-spec, `config.md`, "Layer ChainID".
package struct ChainID: Hashable, Sendable {
    package var digest: Digest

    /// The chain of one layer only.
    package init(bottom: DiffID) {
        digest = bottom.digest
    }

    /// The chain of layers applied one after another, bottom first; nil for no layers.
    package init?(applying layers: some Sequence<DiffID>) {
        var chain: ChainID?
        for layer in layers {
            chain = chain?.appending(layer) ?? ChainID(bottom: layer)
        }
        guard let chain else { return nil }
        self = chain
    }

    /// The chain with one more layer on top.
    package func appending(_ layer: DiffID) -> ChainID {
        ChainID(digest: .sha256(of: "\(digest) \(layer)".utf8))
    }

    private init(digest: Digest) {
        self.digest = digest
    }
}

extension ChainID: CustomStringConvertible {
    /// The text of the digest.
    package var description: String { digest.description }
}
