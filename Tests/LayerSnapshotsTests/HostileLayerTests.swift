import BuildContexts
import ByteStrings
import FileModel
import LayerSnapshots
import LinuxSystem
import OCIModel
import Testing

/// Layers from strangers: what they may do, and that it stays inside.
@Suite(.enabled(if: Privileges.canMount, "needs root for devices and owners"))
struct HostileLayerTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var name: String
        var expected: [String]?
        var build: @Sendable (inout RawTar) -> Void
        var testDescription: String { name }

        init(_ name: String, _ expected: [String]?, _ build: @escaping @Sendable (inout RawTar) -> Void) {
            (self.name, self.expected, self.build) = (name, expected, build)
        }
    }

    static let shapes: [Shape] = [
        Shape("parent names", ["x 644 1", "y 644 2", "z 644 3"]) { tar in
            tar.add("../x", content: "1")
            tar.add("/../../y", content: "2")
            tar.add("a/../../z", content: "3")
        },
        Shape("links that lead out", ["abs -> /etc", "etc/ 755", "etc/passwd 644 1", "up -> ../../..", "x 644 2"]) {
            tar in
            tar.add("abs", type: "2", link: "/etc")
            tar.add("abs/passwd", content: "1")
            tar.add("up", type: "2", link: "../../..")
            tar.add("up/x", content: "2")
        },
        Shape("a dangling chain", ["a -> b", "b -> c/d", "c/ 755", "c/d/ 755", "c/d/f 644 1"]) { tar in
            tar.add("a", type: "2", link: "b")
            tar.add("b", type: "2", link: "c/d")
            tar.add("a/f", content: "1")
        },
        Shape("a directory replaced by a link", ["d -> /e", "e/ 755", "e/f 644 2"]) { tar in
            tar.add("d/", type: "5", mode: 0o755)
            tar.add("d/f", content: "1")
            tar.add("d", type: "2", link: "/e")
            tar.add("d/f", content: "2")
        },
        Shape("a link loop", nil) { tar in
            tar.add("a", type: "2", link: "b")
            tar.add("b", type: "2", link: "a")
            tar.add("a/f", content: "1")
        },
        Shape("a file through a link is the link's place", ["f 644 1"]) { tar in
            tar.add("f", type: "2", link: "/canary")
            tar.add("f", content: "1")
        },
        Shape("a link kept as written", ["l -> ../../../../etc/pki"]) { tar in
            tar.add("l", type: "2", link: "../../../../etc/pki")
        },
        Shape("below a file", nil) { tar in
            tar.add("f", content: "1")
            tar.add("f/g", content: "2")
        },
        Shape("the root as a directory", ["f 644 1"]) { tar in
            tar.add("./", type: "5", mode: 0o700)
            tar.add("./f", content: "1")
        },
        Shape("the root as a link", nil) { $0.add("./", type: "2", link: "/etc") },
        Shape("the root as a file", nil) { $0.add("a/..", content: "1") },
        Shape("the root as a hard link", nil) { tar in
            tar.add("f", content: "1")
            tar.add(".", type: "1", link: "f")
        },
        Shape("hard link out", nil) { $0.add("h", type: "1", link: "../../../../etc/hostname") },
        Shape("hard link to nothing", nil) { $0.add("h", type: "1", link: "nothing") },
        Shape("hard link to itself", nil) { tar in
            tar.add("h", content: "1")
            tar.add("h", type: "1", link: "h")
        },
        Shape("hard link to a directory", nil) { tar in
            tar.add("d/", type: "5", mode: 0o755)
            tar.add("h", type: "1", link: "d")
        },
        Shape("hard link to a link", ["h -> /etc/shadow", "l -> /etc/shadow"]) { tar in
            tar.add("l", type: "2", link: "/etc/shadow")
            tar.add("h", type: "1", link: "l")
        },
        Shape("hard link to a deletion", nil) { tar in
            tar.add(".wh.x")
            tar.add("h", type: "1", link: "x")
        },
        Shape("a device 0:0", nil) { $0.add("c", type: "3") },
        Shape("a device", ["c 666"]) { $0.add("c", type: "3", mode: 0o666, device: (1, 3)) },
        Shape("deletion of nothing", nil) { $0.add(".wh.") },
        Shape("deletion of the directory", nil) { $0.add("a/.wh..") },
        Shape("deletion of the parent", nil) { $0.add("a/.wh...") },
        Shape("old notes", []) { $0.add(".wh..wh.plnk") },
        Shape("deletion through a link", ["d/ 755", "l -> /d"]) { tar in
            tar.add("d/", type: "5", mode: 0o755)
            tar.add("l", type: "2", link: "/d")
            tar.add("l/.wh.x")
        },
        Shape("deletion of what the layer has", ["a 644 1", "b 644 2"]) { tar in
            tar.add("a", content: "1")
            tar.add(".wh.a")
            tar.add(".wh.b")
            tar.add("b", content: "2")
        },
        Shape("opaque after the content", ["d/ 755", "d/f 644 1"]) { tar in
            tar.add("d/", type: "5", mode: 0o755)
            tar.add("d/f", content: "1")
            tar.add("d/.wh..wh..opq")
        },
    ]

    @Test(arguments: shapes) func layersStayInside(_ shape: Shape) throws {
        let store = try LayerStore()
        try OwnedDescriptor.openDirectory(store.path).write("canary", to: "canary")
        var tar = RawTar()
        shape.build(&tar)
        let layer = try store.store(tar: tar.finished)
        guard let expected = shape.expected else {
            #expect(throws: LayerError.self) { try store.apply(layer) }
            #expect(throws: LayerError.self) { try store.index(layer) }
            return
        }
        let view = try SnapshotView(layers: [.tree(store.apply(layer))])
        #expect(try TreeListing.brief(view) == expected)
        let index = try SnapshotView(layers: [.index(store.index(layer))])
        #expect(try TreeListing.of(index, contents: false) == TreeListing.of(view, contents: false))
        #expect(
            try OwnedDescriptor.openFile(store.path + "/canary", .readOnly).readAll(limit: 9) == Array("canary".utf8)
        )
    }

    @Test func deletionsHideLowerLayersOnly() throws {
        let store = try LayerStore()
        var lower = RawTar()
        for path in ["d/old", "e/old", "f", "g/old"] { lower.add(path, content: "old") }
        var upper = RawTar()
        upper.add("d/new", content: "new")
        upper.add("d/.wh..wh..opq")
        upper.add(".wh.e")
        upper.add("e/new", content: "new")
        upper.add("g/new", content: "new")
        upper.add(".wh.g")
        upper.add(".wh.f")
        let layers = try [upper, lower].map { try store.store(tar: $0.finished) }
        let trees = try layers.map { try store.apply($0) }
        let expected = try store.merged(trees)
        #expect(expected.map { String($0.prefix { $0 != " " }) } == ["d", "d/new", "e", "e/new", "g", "g/new"])
        let indices = try layers.map { SnapshotView.Layer.index(try store.index($0)) }
        #expect(
            try TreeListing.of(SnapshotView(layers: indices), contents: false) == store.merged(trees, contents: false)
        )
    }

    @Test func directoriesThatALayerOmitsKeepTheirAttributes() throws {
        let store = try LayerStore()
        var lower = RawTar()
        lower.add("tmp/", type: "5", mode: 0o1777)
        var upper = RawTar()
        upper.add("tmp/a/f", content: "1")
        let (base, top) = (try store.store(tar: lower.finished), try store.store(tar: upper.finished))
        let below = try SnapshotView(layers: [.index(store.index(base))])
        let tree = try store.apply(top, lower: below)
        let expected = ["tmp/ 1777", "tmp/a/ 755", "tmp/a/f 644 1"]
        #expect(try TreeListing.brief(SnapshotView(layers: [.tree(tree)])) == expected)
        let view = try SnapshotView(layers: [.index(store.index(top)), .index(store.index(base))])
        #expect(try view.status("tmp")?.permissions == 0o1777)
    }

    @Test func bytesOfAnotherLayerAreRefused() throws {
        let store = try LayerStore()
        var tar = RawTar()
        tar.add("f", content: "1")
        var layer = try store.store(tar: tar.finished)
        let right = layer.diffID
        layer.diffID = DiffID(.sha256(of: []))
        #expect(throws: LayerError.diffIDMismatch(expected: layer.diffID, actual: right)) { try store.apply(layer) }
        // What follows the end of the archive counts too.
        layer = try store.store(tar: tar.finished + Array("trailing".utf8))
        layer.diffID = right
        #expect(throws: LayerError.self) { try store.apply(layer) }
    }
}
