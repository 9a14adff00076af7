package import OCIModel

/// What a selection holds, as values to compare and to keep.
package struct HashedSelection: Hashable, Sendable {
    /// Equal for two selections exactly when their copies are equal but for times.
    package var digest: Digest

    /// The hashes of the regular files, at the indices of the entries; nil for every other kind.
    package var contents: [ContentHash?]

    package init(digest: Digest, contents: [ContentHash?]) {
        self.digest = digest
        self.contents = contents
    }
}
