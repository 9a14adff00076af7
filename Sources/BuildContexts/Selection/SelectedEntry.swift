package import ByteStrings

/// One file of a copy: where it is read, and where it goes.
package struct SelectedEntry: Hashable, Sendable {
    /// The path in the tree it is copied from, as it is kept.
    package let place: SharedPath
    package var entry: TreeEntry

    /// The same number for all names of one file that stay hard links of each other; nil for a file with one name.
    ///
    /// Names are linked when they came from the same directory source. Numbers count from 0 in the order of the entries.
    package var linkGroup: Int?

    /// Where the destination begins in the source.
    private let start: Int

    /// The destination where it is no end of the source.
    private let other: ByteString?

    package init(source: ByteString, destination: ByteString, entry: TreeEntry, linkGroup: Int? = nil) {
        place = SharedPath(source)
        self.entry = entry
        self.linkGroup = linkGroup
        start = source.hasSuffix(destination) ? source.count - destination.count : 0
        other = source.hasSuffix(destination) ? nil : destination
    }

    /// An entry whose destination is its source from the byte `start` on.
    init(_ place: SharedPath, from start: Int, entry: TreeEntry) {
        self.place = place
        self.entry = entry
        self.start = start
        other = nil
    }

    /// The path in the tree it is copied from.
    package var source: ByteString { place.path }

    /// The path below the destination of the copy; empty when the file takes the place of the destination itself.
    package var destination: ByteString {
        if let other { return other }
        let source = place.path
        return start == 0 ? source : ByteString(source.bytes[start...])
    }

    package static func == (left: SelectedEntry, right: SelectedEntry) -> Bool {
        left.entry == right.entry && left.linkGroup == right.linkGroup && left.place == right.place
            && left.destination == right.destination
    }

    package func hash(into hasher: inout Hasher) {
        place.hash(into: &hasher)
        entry.hash(into: &hasher)
    }
}
