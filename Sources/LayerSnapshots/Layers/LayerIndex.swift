package import ByteStrings
import FileModel

/// The names of a layer and what an archive says of each, without the bytes of files.
///
/// It stands for the layer in a ``SnapshotView`` as long as nobody reads a file of it.
package struct LayerIndex: Sendable {
    /// The root is the first.
    let nodes: [LayerNode]

    /// How many names a file has, by its number; files with one name are not listed.
    let linkCounts: [Int32: Int]

    init(nodes: [LayerNode]) {
        self.nodes = nodes
        let linked = Set(
            nodes.indices.lazy.map(Int32.init).filter { nodes[Int($0)].file != $0 }.map { nodes[Int($0)].file }
        )
        var counts: [Int32: Int] = [:]
        var pending = linked.subtracting([0]).isEmpty ? [] : [0]
        while let node = pending.popLast() {
            for child in nodes[node].children.values.lazy.map(Int.init) {
                if nodes[child].kind == .directory {
                    pending.append(child)
                } else if linked.contains(nodes[child].file) {
                    counts[nodes[child].file, default: 0] += 1
                }
            }
        }
        linkCounts = counts.filter { $0.value > 1 }
    }

    /// Whether the layer changes nothing.
    package var isEmpty: Bool {
        nodes[0].children.isEmpty && !nodes[0].isOpaque
    }

    /// Every path of the layer, deletions as `.wh.` names, in the order of the archive; for tests and explanations.
    package var paths: [ByteString] {
        var paths: [ByteString] = []
        var pending: [(path: ByteString, node: Int)] = [("", 0)]
        while let (path, node) = pending.popLast() {
            if node != 0 { paths.append(path) }
            if nodes[node].isOpaque, nodes[node].kind == .directory {
                paths.append(path.appendingPath(Whiteout.opaqueMarker))
            }
            for (name, child) in nodes[node].children.sorted(by: { $0.key > $1.key }) {
                let shown = nodes[Int(child)].isWhiteout ? Whiteout.prefix + name : name
                pending.append((path.appendingPath(shown), Int(child)))
            }
        }
        return paths
    }
}
