import ByteStrings

/// A directory in one layer, or in a whole stack of them.
enum LayerDirectory: Sendable {
    /// Of a tree on disk, with the layer's place.
    case tree(Int, TreeDirectory)

    /// A node of an index, with the layer's place.
    case index(Int, LayerIndex, Int)

    /// In the layers of another view, by its path there.
    case view(SnapshotView, ByteString)
}

/// A directory in every layer that shows in it, the top one first.
struct MergedDirectory: Sendable {
    let parts: [LayerDirectory]

    init(parts: [LayerDirectory]) {
        self.parts = parts
    }

    /// Nil when no layer has the directory.
    init?(orNil parts: [LayerDirectory]) {
        if parts.isEmpty { return nil }
        self.parts = parts
    }

    var descriptorCount: Int {
        1 + parts.count { if case .tree = $0 { true } else { false } }
    }
}
