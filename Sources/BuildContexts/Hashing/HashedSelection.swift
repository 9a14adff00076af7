package import ByteStrings
package import OCIModel

/// What a selection holds, as values to compare and to keep.
package struct HashedSelection: Hashable, Sendable {
    /// Equal for two selections exactly when their copies are equal but for times.
    package var digest: Digest

    /// The hashes of the regular files, at the indices of the entries; nil for every other kind.
    package var contents: [ContentHash?]

    /// The hashes of files that were written to so shortly before they were hashed that a later write
    /// may have left them their times; none in trees that nobody writes to.
    ///
    /// Whoever reads such a file again must hash it again.
    package var unsettled: [FileID: ContentHash]

    /// The extended attributes that copies keep, by the index of the entry, those without any left out.
    package var attributes: [Int: [ByteString: [UInt8]]] = [:]

    package init(digest: Digest, contents: [ContentHash?], unsettled: [FileID: ContentHash] = [:]) {
        self.digest = digest
        self.contents = contents
        self.unsettled = unsettled
    }
}
