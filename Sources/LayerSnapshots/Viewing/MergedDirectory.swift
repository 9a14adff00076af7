import ByteStrings
import Synchronization

/// A directory in one layer, or in a whole stack of them.
enum LayerDirectory: Sendable {
    /// Of a tree on disk, with the layer's place.
    case tree(Int, DescriptorHandle)

    /// A node of an index, with the layer's place.
    case index(Int, LayerIndex, Int)

    /// In the layers of another view, by its path there.
    case view(SnapshotView, ByteString)
}

/// A directory in every layer that shows in it, the top one first.
struct MergedDirectory: Sendable {
    let parts: [LayerDirectory]

    /// Its names, once somebody asked for all of them.
    let listing = Listing()

    /// What the names of a directory stand for; layers never change, so that holds for good.
    final class Listing: Sendable {
        private let entries = Mutex<[ByteString: MergedEntry]?>(nil)

        /// Larger directories are not kept.
        private static let mostEntries = 16_384

        func keep(_ new: [ByteString: MergedEntry]) {
            if new.count <= Self.mostEntries { entries.withLock { $0 = new } }
        }

        /// What is known of a name; nil while the names are not known.
        func entry(_ name: ByteString) -> MergedEntry?? {
            entries.withLock { entries in entries.map { $0[name] } }
        }
    }

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
