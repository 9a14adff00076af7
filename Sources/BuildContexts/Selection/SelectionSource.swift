package import ByteStrings

/// One file or directory that a source path of a copy leads to.
package struct SelectionSource: Hashable, Sendable {
    /// Its path in the tree, links followed.
    package var path: ByteString

    /// The last component as it was written or matched, before links were followed; empty for the root.
    package var name: ByteString
    package var entry: TreeEntry

    /// Whether the path was a pattern.
    package var isMatch: Bool

    /// What to take of the directory, relative to it, when the copy keeps parents; nil for everything.
    package var included: IgnoreMatcher?

    package init(
        path: ByteString,
        name: ByteString,
        entry: TreeEntry,
        isMatch: Bool = false,
        included: IgnoreMatcher? = nil
    ) {
        self.path = path
        self.name = name
        self.entry = entry
        self.isMatch = isMatch
        self.included = included
    }
}
