package import ByteStrings

/// What a walk has come to.
package struct WalkedEntry: Hashable, Sendable {
    /// From the root of the tree, as `FileTree.status(_:)` takes it.
    package var path: ByteString
    package var entry: TreeEntry

    package init(path: ByteString, entry: TreeEntry) {
        self.path = path
        self.entry = entry
    }
}

/// How a walk goes on after an entry.
package enum WalkDecision: Hashable, Sendable {
    /// Into the directory; for any other kind the same as `skip`.
    case descend

    /// To the next entry that is not below this one.
    case skip

    /// Nowhere: the walk is over.
    case stop
}
