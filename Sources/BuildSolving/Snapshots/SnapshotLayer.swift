import LayerSnapshots
import Synchronization

/// One layer of a file system that a build works on: packed, as a tree, or soon to be.
final class SnapshotLayer: Sendable {
    private struct State {
        var tree: LayerTree?
        var index: LayerIndex?
    }

    /// The layer as a blob; a command's layer is packed while later steps already run.
    let packing: Promise<PackedLayer>
    private let state: Mutex<State>

    init(packing: Promise<PackedLayer>, tree: LayerTree? = nil, index: LayerIndex? = nil) {
        self.packing = packing
        state = Mutex(State(tree: tree, index: index))
    }

    /// A layer whose blob is there.
    convenience init(_ packed: PackedLayer, tree: LayerTree? = nil, index: LayerIndex? = nil) {
        self.init(packing: Promise(packed), tree: tree, index: index)
    }

    /// The layer's files on disk; nil until somebody needs them.
    var tree: LayerTree? {
        get { state.withLock { $0.tree } }
        set { state.withLock { $0.tree = newValue } }
    }

    /// The names in the layer; nil until somebody needs them.
    var index: LayerIndex? {
        get { state.withLock { $0.index } }
        set { state.withLock { $0.index = newValue } }
    }
}
