/// Everything that one COPY takes from one tree.
package struct Selection: Hashable, Sendable {
    /// Parents before what is below them, siblings in ascending order of bytes, no destination twice.
    package var entries: [SelectedEntry]
    package var form: CopyDestinationForm

    package init(entries: [SelectedEntry], form: CopyDestinationForm) {
        self.entries = entries
        self.form = form
    }
}
