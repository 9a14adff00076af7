import BuildContexts
import ByteStrings
import FileModel
import LayerSnapshots
import LinuxSystem
import Testing

/// Views that grow by one layer at a time, over the sixteen that are looked through one by one.
@Suite struct TallViewTests {
    /// What 70 layers do: each adds a file, some delete, replace, empty and fill directories.
    private static func change(_ root: borrowing OwnedDescriptor, _ number: Int) throws {
        try root.write("\(number)", to: ByteString("f\(number)"))
        switch number % 7 {
        case 0: try root.make(directory: ByteString("d\(number)"))
        case 1: try root.write("x", to: ByteString("d\(number - 1)/x\(number)"))
        case 3 where number > 20: try root.removeFile(ByteString("f\(number - 20)"))
        case 4 where number > 40: try root.removeTree(ByteString("d\(number / 7 * 7 - 35)"))
        case 5 where number > 40: try root.make(directory: ByteString("d\(number / 7 * 7 - 35)"))
        case 6: try root.write("\(number)", to: "both")
        default: break
        }
    }

    @Test(.enabled(if: Privileges.canMount, "needs root for overlay mounts and devices"))
    func growingShowsWhatAllLayersTogetherShow() throws {
        let store = try LayerStore()
        var trees: [LayerTree] = []
        var grown = try SnapshotView(layers: [])
        var names = try SnapshotView(layers: [])
        for number in 0..<70 {
            let upper = try store.change(trees) { try Self.change($0, number) }
            let packed = try store.pack(upper: upper)
            trees.insert(try store.apply(packed), at: 0)
            grown = try grown.adding(.tree(trees[0]))
            names = try names.adding(number.isMultiple(of: 3) ? .tree(trees[0]) : .index(store.index(packed)))
            guard number % 9 == 0 || number > 60 else { continue }
            let expected = try store.merged(trees)
            #expect(try TreeListing.of(grown) == expected, "\(number)")
            #expect(
                try TreeListing.of(names, contents: false) == store.merged(trees, contents: false),
                "\(number)"
            )
        }
    }

    @Test(.enabled(if: Privileges.canMount, "needs root for overlay mounts and devices"), arguments: 1...4)
    func growingAgreesWithTheKernelWhateverIsDone(seed: UInt64) throws {
        let store = try LayerStore()
        var changes = RandomChanges(seed: seed)
        var trees: [LayerTree] = []
        var grown = try SnapshotView(layers: [])
        var names = try SnapshotView(layers: [])
        for number in 0..<36 {
            let packed = try store.pack(upper: store.change(trees) { changes.run(14, in: $0) })
            trees.insert(try store.apply(packed), at: 0)
            grown = try grown.adding(.tree(trees[0]))
            names = try names.adding(number.isMultiple(of: 2) ? .tree(trees[0]) : .index(store.index(packed)))
            // Asked in between, so that what is remembered is old by the end.
            _ = try TreeListing.of(grown)
            _ = try TreeListing.of(names, contents: false)
        }
        #expect(try TreeListing.of(grown) == store.merged(trees))
        #expect(try TreeListing.of(names, contents: false) == store.merged(trees, contents: false))
    }

    @Test func olderViewsStayWhatTheyAre() throws {
        let store = try LayerStore()
        var views = [try SnapshotView(layers: [])]
        for number in 0..<50 {
            let folder = try store.newDirectory()
            try OwnedDescriptor.openDirectory(folder).write("\(number)", to: ByteString("f\(number)"))
            views.append(try views[number].adding(.tree(LayerTree(path: folder))))
        }
        for (height, view) in views.enumerated() {
            #expect(try view.children("").count == height)
            for number in [0, 15, 16, 17, 31, 32, 49] {
                #expect(try (view.status(ByteString("f\(number)")) != nil) == (number < height))
            }
        }
        #expect(views[0].isEmpty && !views[1].isEmpty)
        let top = views[50]
        #expect(try top.open("f0").readAll(limit: 9) == Array("0".utf8))
        #expect(throws: LayerError.notFound("/none")) { try top.open("none").readAll(limit: 1) }
    }

    @Test func aLinkBelowManyLayersIsFollowed() throws {
        let store = try LayerStore()
        var view = try SnapshotView(layers: [])
        let folder = try store.newDirectory()
        let root = try OwnedDescriptor.openDirectory(folder)
        try root.make(directory: "real")
        try root.write("text", to: "real/file")
        try root.makeSymbolicLink("link", to: "/real")
        view = try view.adding(.tree(LayerTree(path: folder)))
        for _ in 0..<40 { view = try view.adding(.tree(LayerTree(path: store.newDirectory()))) }
        #expect(try view.resolve("/link/file") == "real/file")
        #expect(try view.readLink("link") == "/real")
        #expect(try view.children("real").map(\.name) == ["file"])
    }

    /// Roots with few names are read once, those with many are asked for each name.
    @Test(
        .enabled(if: Privileges.canMount, "needs root for overlay mounts and devices"),
        arguments: [0, 62, 63, 64, 150]
    ) func rootsWithAnyNumberOfNamesShowWhatTheKernelShows(more: Int) throws {
        let store = try LayerStore()
        var trees: [LayerTree] = []
        var grown = try SnapshotView(layers: [])
        for number in 0..<20 {
            let upper = try store.change(trees) { root in
                for file in 0..<more { try root.write("\(number)", to: ByteString("f\(number)-\(file)")) }
                switch number {
                case 0:
                    for name: ByteString in ["only", "gone", "replaced", "emptied"] {
                        try root.make(directory: name)
                        try root.write("low", to: name.appendingPath("low"))
                    }
                case 2: try root.removeTree("gone")
                case 3:
                    try root.removeTree("replaced")
                    try root.write("file", to: "replaced")
                case 4:
                    try root.removeTree("emptied")
                    try root.make(directory: "emptied")
                    try root.write("high", to: "emptied/high")
                default: break
                }
            }
            trees.insert(try store.apply(store.pack(upper: upper)), at: 0)
            grown = try grown.adding(.tree(trees[0]))
            #expect(try grown.status("only/low")?.kind == .regular)
            #expect(try grown.status("never") == nil)
            #expect(try (grown.status("gone/low") == nil) == (number >= 2))
            #expect(try (grown.status("replaced")?.kind == .directory) == (number < 3))
            #expect(try (grown.status("emptied/low") == nil) == (number >= 4))
            #expect(try grown.open("only/low").readAll(limit: 9) == Array("low".utf8))
        }
        #expect(try TreeListing.of(grown) == store.merged(trees))
    }

    @Test func descriptorsDoNotGrowWithTheHeight() throws {
        let store = try LayerStore()
        var view = try SnapshotView(layers: [])
        for number in 0..<300 {
            let folder = try store.newDirectory()
            let root = try OwnedDescriptor.openDirectory(folder)
            try root.make(directory: "d")
            try root.write("", to: ByteString("d/f\(number)"))
            view = try view.adding(.tree(LayerTree(path: folder)))
        }
        #expect(try view.children("d").count == 300)
        let descriptors = try OwnedDescriptor.openDirectory("/proc/self/fd")
        let own = try descriptors.entries().count { entry in
            // Another test may close it in between.
            (try? descriptors.readLink(entry.name))?.hasPrefix(store.path) ?? false
        }
        // Without a limit there would be 600.
        #expect(own < 250)
        withExtendedLifetime(view) {}
    }
}
