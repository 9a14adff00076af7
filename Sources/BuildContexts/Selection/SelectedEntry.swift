package import ByteStrings

/// One file of a copy: where it is read, and where it goes.
package struct SelectedEntry: Hashable, Sendable {
    /// The path in the tree it is copied from.
    package var source: ByteString

    /// The path below the destination of the copy; empty when the file takes the place of the destination itself.
    package var destination: ByteString
    package var entry: TreeEntry

    /// The same number for all names of one file that stay hard links of each other; nil for a file with one name.
    ///
    /// Names are linked when they came from the same directory source. Numbers count from 0 in the order of the entries.
    package var linkGroup: Int?

    package init(source: ByteString, destination: ByteString, entry: TreeEntry, linkGroup: Int? = nil) {
        self.source = source
        self.destination = destination
        self.entry = entry
        self.linkGroup = linkGroup
    }
}
