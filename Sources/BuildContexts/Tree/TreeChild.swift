package import ByteStrings

/// A directory's entry: a name and what it stands for.
package struct TreeChild: Hashable, Sendable {
    /// One path component.
    package var name: ByteString
    package var entry: TreeEntry

    package init(name: ByteString, entry: TreeEntry) {
        self.name = name
        self.entry = entry
    }
}
