package import ByteStrings

/// Everything that one COPY takes from one tree.
package struct Selection: Hashable, Sendable {
    /// Parents before what is below them, siblings in ascending order of bytes, no destination twice.
    package var entries: [SelectedEntry]
    package var form: CopyDestinationForm

    /// The extended attributes that copies keep, by the index of the entry, those without any left out; nil while nobody
    /// has read them.
    package var attributes: [Int: [ByteString: [UInt8]]]?

    package init(entries: [SelectedEntry], form: CopyDestinationForm) {
        self.entries = entries
        self.form = form
    }
}
