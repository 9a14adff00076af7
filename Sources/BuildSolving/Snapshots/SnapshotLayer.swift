import LayerSnapshots
import LinuxSystem
import OCIModel
import Synchronization

/// One layer of a file system that a build works on: packed, as a tree, or soon to be.
///
/// It has one place in one stack, so it also keeps what is known of the whole stack from the lowest layer up to it.
/// What a step needs of the stack below is made once, whatever its height, and the next step adds to it.
final class SnapshotLayer: Sendable {
    private struct State {
        var tree: LayerTree?
        var index: LayerIndex?
        var view: SnapshotView?
        var nameView: SnapshotView?
        var foundation: MountedTree?
        var contentDigest: Digest?
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

    /// The stack up to this layer with all its files; nil until somebody needs it.
    var view: SnapshotView? {
        get { state.withLock { $0.view } }
        set { state.withLock { $0.view = newValue } }
    }

    /// The stack up to this layer, of some layers the names alone; nil until somebody needs it.
    var nameView: SnapshotView? {
        get { state.withLock { $0.view ?? $0.nameView } }
        set { state.withLock { $0.nameView = newValue } }
    }

    /// The stack up to this layer as one mount; nil until a container needs it.
    var foundation: MountedTree? {
        get { state.withLock { $0.foundation } }
        set { state.withLock { $0.foundation = newValue } }
    }

    /// A digest of the stack up to this layer; nil until somebody needs it.
    var contentDigest: Digest? {
        get { state.withLock { $0.contentDigest } }
        set { state.withLock { $0.contentDigest = newValue } }
    }
}
