package import OCIModel

/// A layer as a blob of the store.
package struct PackedLayer: Hashable, Sendable {
    /// The digest of the archive before compression.
    package var diffID: DiffID

    /// The blob, as a manifest names it.
    package var blob: Descriptor

    package init(diffID: DiffID, blob: Descriptor) {
        self.diffID = diffID
        self.blob = blob
    }
}
