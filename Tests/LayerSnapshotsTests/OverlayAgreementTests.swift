import ByteStrings
import FileModel
import LayerSnapshots
import LinuxSystem
import Testing

/// Whatever a command does, packing and unpacking its layer gives the same file system, and the same layer again.
@Suite(.enabled(if: Privileges.canMount, "needs root for overlay mounts and devices"))
struct OverlayAgreementTests {
    @Test(arguments: 1...24) func packedLayersUnpackToTheSame(seed: UInt64) throws {
        let store = try LayerStore()
        var changes = RandomChanges(seed: seed)
        var written: [LayerTree] = []
        var unpacked: [LayerTree] = []
        var indices: [SnapshotView.Layer] = []
        for _ in 0..<4 {
            let upper = try store.change(written) { changes.run(80, in: $0) }
            let layer = try store.pack(upper: upper)
            let tree = try store.apply(layer)
            written.insert(LayerTree(path: upper), at: 0)
            unpacked.insert(tree, at: 0)
            indices.insert(.index(try store.index(layer)), at: 0)

            let expected = try store.merged(written)
            #expect(try store.merged(unpacked) == expected)
            #expect(try store.pack(upper: tree.path) == layer)
            #expect(try TreeListing.of(SnapshotView(layers: unpacked.map { .tree($0) })) == expected)
            #expect(
                try TreeListing.of(SnapshotView(layers: indices), contents: false)
                    == store.merged(written, contents: false)
            )
            let mixed: [SnapshotView.Layer] = zip(unpacked, indices).enumerated().map { place, pair in
                place.isMultiple(of: 2) ? .tree(pair.0) : pair.1
            }
            #expect(
                try TreeListing.of(SnapshotView(layers: mixed), contents: false)
                    == store.merged(written, contents: false)
            )
        }
    }

    @Test func deletionsAndRecreatedDirectoriesAreInTheLayer() throws {
        let store = try LayerStore()
        let base = LayerTree(
            path: try store.change([]) { root in
                try root.make(directory: "d")
                try root.write("old", to: "d/old")
                try root.write("gone", to: "gone")
            }
        )
        let upper = try store.change([base]) { root in
            try root.removeFile("gone")
            try root.removeTree("d")
            try root.make(directory: "d")
            try root.write("new", to: "d/new")
        }
        let index = try store.index(store.pack(upper: upper))
        #expect(index.paths == ["d", "d/.wh..wh..opq", "d/new", ".wh.gone"])
    }

    @Test func hardLinksStayTogetherAndHolesAreRead() throws {
        let store = try LayerStore()
        let upper = try store.change([]) { root in
            try root.write("x", to: "b")
            try root.makeHardLink("a", to: "b", in: root)
            let sparse = try root.openChild("sparse", [.writeOnly, .create], permissions: 0o600)
            try sparse.truncate(to: 3_000_000)
            try sparse.seek(to: 2_000_000)
            try sparse.write(Array("middle".utf8))
        }
        let tree = try store.apply(store.pack(upper: upper))
        #expect(try store.merged([tree]) == store.merged([LayerTree(path: upper)]))
        #expect(try store.merged([tree]).contains { $0.hasPrefix("b ") && $0.hasSuffix("= a") })
    }

    @Test func aNameOfADeletionIsRefused() throws {
        let store = try LayerStore()
        let upper = try store.change([]) { root in try root.write("", to: ".wh.x") }
        #expect(throws: LayerError.reservedName("/.wh.x")) { try store.pack(upper: upper) }
    }

    @Test func deepTreesNeedNoRecursion() throws {
        let store = try LayerStore()
        let upper = try store.newDirectory()
        var directory = try OwnedDescriptor.openDirectory(upper)
        for _ in 0..<500 {
            try directory.makeDirectory("directory", permissions: 0o755)
            directory = try directory.openChild("directory", .directory)
        }
        try TimeSettler.settle(upper: upper, notBefore: .epoch, to: Timestamp(seconds: 7))
        let layer = try store.pack(upper: upper)
        let tree = try store.apply(layer)
        #expect(try store.pack(upper: tree.path) == layer)
        #expect(try store.index(layer).paths.count == 500)
        let root = try OwnedDescriptor.openDirectory(store.path)
        for path in [upper, tree.path] { try root.removeTree(path.lastPathComponent) }
    }

    @Test func onlyWhatTheStepWroteIsSettled() throws {
        let store = try LayerStore()
        let old = Timestamp(seconds: 5, nanoseconds: 6)
        let upper = try store.change([], epoch: Timestamp(seconds: 9)) { root in
            try root.make(directory: "d")
            try root.write("x", to: "d/new")
            try root.write("x", to: "old")
            try root.setModified(old, of: "old")
            try root.makeSymbolicLink("link", to: "old")
        }
        let root = try OwnedDescriptor.openDirectory(upper)
        #expect(try root.status(of: "old").modified == old)
        #expect(try root.status(of: "link").modified == Timestamp(seconds: 9))
        #expect(try root.status(of: "d").modified == Timestamp(seconds: 9))
        #expect(try root.open("d/new", .readOnly, resolving: .inRoot).status().modified == Timestamp(seconds: 9))
    }
}
