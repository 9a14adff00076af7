import BuildContexts
import ByteStrings
import FileModel
import LayerSnapshots
import LinuxSystem
import OCIModel
import TarArchive
import Testing

@Suite(.enabled(if: Privileges.canMount, "needs root for owners and overlay mounts"))
struct CopyPackerTests {
    /// What one instruction after the other makes of an empty file system.
    final class Image {
        let store: LayerStore
        let context: OwnedDescriptor
        private(set) var layers: [(packed: PackedLayer, index: LayerIndex)] = []
        private let contextPath: ByteString

        init() throws {
            store = try LayerStore()
            contextPath = try store.newDirectory()
            context = try OwnedDescriptor.openDirectory(contextPath)
        }

        func view() throws -> SnapshotView {
            try SnapshotView(layers: layers.reversed().map { .index($0.index) })
        }

        func add(isLink: Bool = false, _ body: (inout CopyPacker) throws -> Void) throws {
            var packer = try CopyPacker(over: isLink ? nil : view(), spoolFolder: store.path)
            try body(&packer)
            let writer = try store.writer()
            let index = try packer.pack(into: writer)
            layers.append((try writer.finish(), index))
        }

        func copy(
            _ sources: String...,
            to destination: ByteString,
            owner: CopyOptions.Owner? = .root,
            chmod: ByteString? = nil,
            isLink: Bool = false
        ) throws {
            let tree = try LocalContext(hostPath: contextPath)
            var options = CopyOptions(owner: owner, epoch: Timestamp(seconds: 77))
            options.permissions = try chmod.map { try PermissionChange(parsing: $0) }
            try add(isLink: isLink) { packer in
                let selection = try PathSelection(patterns: sources.map { ByteString($0) })
                    .select(from: tree, destinationIsDirectory: packer.isDirectory(destination))
                try packer.copy(selection, from: tree, to: destination, options: options)
            }
        }

        /// The result, after checking that index, trees and kernel agree on it.
        func listing() throws -> [String] {
            let trees = try layers.reversed().map { try store.apply($0.packed) }
            let result = try SnapshotView(layers: trees.map { .tree($0) })
            #expect(try store.merged(trees) == TreeListing.of(result))
            #expect(
                try TreeListing.of(view(), contents: false) == TreeListing.of(result, contents: false)
            )
            for (layer, tree) in zip(layers.reversed(), trees) {
                #expect(try store.index(layer.packed).paths == layer.index.paths)
                #expect(try store.pack(upper: tree.path) == layer.packed)
            }
            return try TreeListing.brief(result)
        }
    }

    private static func image(_ files: String...) throws -> Image {
        let image = try Image()
        for file in files {
            if file.hasSuffix("/") {
                try image.context.make(directory: ByteString(file.dropLast().utf8))
            } else if let arrow = file.firstIndex(of: ">") {
                let parent = try image.context.parent(of: ByteString(file[..<arrow].utf8))
                try parent.makeSymbolicLink(
                    ByteString(file[..<arrow].utf8).lastPathComponent,
                    to: ByteString(file[file.index(after: arrow)...].utf8)
                )
            } else {
                try image.context.write(file, to: ByteString(file))
            }
        }
        return image
    }

    @Test func missingParentsAreMadeAndDirectoriesGiveTheirContents() throws {
        let image = try Self.image("a", "d/", "d/x", "d/s/", "d/s/y")
        try image.copy("a", to: "/p/q/f")
        try image.copy("d", to: "/new")
        try image.copy("a", "d/x", to: "/both/")
        #expect(
            try image.listing() == [
                "both/ 755", "both/a 644 a", "both/x 644 d/x", "new/ 755", "new/s/ 755", "new/s/y 644 d/s/y",
                "new/x 644 d/x", "p/ 755", "p/q/ 755", "p/q/f 644 a",
            ]
        )
        #expect(try image.view().status("p")?.modified == Timestamp(seconds: 77))
    }

    @Test func linksInTheDestinationAreFollowedInsideTheImage() throws {
        let image = try Self.image(
            "a",
            "links/",
            "links/ln>real",
            "links/out>../../made",
            "links/to>target",
            "links/real/"
        )
        try image.copy("links", to: "/")
        try image.copy("a", to: "/ln/f")
        try image.copy("a", to: "/ln")
        try image.copy("a", to: "/out/deep/f")
        try image.copy("a", to: "/to")
        #expect(
            try image.listing() == [
                "ln -> real", "made/ 755", "made/deep/ 755", "made/deep/f 644 a", "out -> ../../made", "real/ 755",
                "real/a 644 a", "real/f 644 a", "target 644 a", "to -> target",
            ]
        )
    }

    @Test func aLinkLayerKnowsNothingOfTheImage() throws {
        let image = try Self.image("a", "links/", "links/ln>real", "links/real/", "links/real/old", "d/", "d/sub/")
        try image.copy("links", "d", to: "/")
        try image.copy("a", to: "/ln/f", isLink: true)
        try image.copy("a", to: "/sub", isLink: true)
        #expect(
            try image.listing() == ["ln/ 755", "ln/f 644 a", "real/ 755", "real/old 644 links/real/old", "sub 644 a"]
        )
    }

    @Test func mergedDirectoriesTakeTheSourcesModeButForTheTopOne() throws {
        let image = try Self.image("one/", "one/s/", "one/s/a", "two/", "two/s/", "two/s/b", "two/n/")
        for path in ["one", "two"] { try image.context.setPermissions(0o700, of: ByteString(path)) }
        try image.context.parent(of: "one/s").setPermissions(0o700, of: "s")
        try image.context.parent(of: "two/s").setPermissions(0o750, of: "s")
        try image.copy("one", to: "/t", owner: CopyOptions.Owner(user: 5, group: 5))
        try image.copy("two", to: "/t")
        #expect(
            try image.listing() == ["t/ 755", "t/n/ 755", "t/s/ 750", "t/s/a 644 one/s/a", "t/s/b 644 two/s/b"]
        )
        #expect(try image.view().status("t")?.owner == 5)
        #expect(try image.view().status("t/s")?.owner == 0)
    }

    @Test func kindsThatDoNotFitAreErrors() throws {
        let image = try Self.image("f", "d/", "d/f", "e/", "e/f/", "l/", "l/f>x", "t/", "t/x/")
        try image.copy("f", to: "/f")
        try image.copy("d", to: "/d")
        try image.copy("e", to: "/e")
        try image.copy("l", to: "/l")
        #expect(throws: LayerError.notDirectory("/f")) { try image.copy("f", to: "/f/g") }
        #expect(throws: LayerError.notDirectory("/f")) { try image.copy("d", to: "/f") }
        #expect(throws: LayerError.notDirectory("/f")) { try image.copy("f", to: "/f/") }
        #expect(throws: LayerError.directoryOntoFile("/d/f")) { try image.copy("e", to: "/d") }
        #expect(throws: LayerError.fileOntoDirectory("/e/f")) { try image.copy("d", to: "/e") }
        #expect(throws: LayerError.directoryOntoFile("/l/f")) { try image.copy("e", to: "/l") }
        // A file in a directory replaces a link there, and does not follow it.
        try image.copy("d", to: "/l")
        #expect(try image.listing().contains("l/f 644 d/f"))
    }

    @Test func modesHoldForMadeDirectoriesOnlyWhenOctal() throws {
        let image = try Self.image("a", "d/", "d/x")
        try image.context.parent(of: "d/x").makeSymbolicLink("l", to: "x")
        try image.copy("a", to: "/p/f", chmod: "640")
        try image.copy("a", to: "/q/f", chmod: "u=rw,go=r")
        try image.copy("d", to: "/r", chmod: "700")
        try image.copy("d", to: "/p", chmod: "600")
        #expect(
            try image.listing() == [
                "p/ 640", "p/f 640 a", "p/l -> x", "p/x 600 d/x", "q/ 755", "q/f 644 a", "r/ 700", "r/l -> x",
                "r/x 700 d/x",
            ]
        )
    }

    @Test func hardLinksOfOneSourceStay() throws {
        let image = try Self.image("d/", "d/one")
        let directory = try image.context.openChild("d", .directory)
        try directory.makeHardLink("two", to: "one", in: directory)
        try image.copy("d", to: "/d")
        try image.copy("d/one", "d/two", to: "/e/")
        _ = try image.listing()
        let view = try image.view()
        #expect(try view.status("d/one")?.fileID == view.status("d/two")?.fileID)
        #expect(try view.status("d/one")?.linkCount == 2)
        #expect(try view.status("e/one")?.fileID != view.status("e/two")?.fileID)
    }

    @Test func existingParentsComeAlongAsTheyAre() throws {
        let image = try Self.image("a", "d/")
        try image.context.setPermissions(0o1777, of: "d")
        try image.context.make(directory: "top")
        try image.context.make(directory: "top/tmp", permissions: 0o1777)
        try image.copy("top", to: "/")
        try image.copy("a", to: "/tmp/f")
        #expect(image.layers.map(\.index.paths) == [["tmp"], ["tmp", "tmp/f"]])
        #expect(try image.listing() == ["tmp/ 1777", "tmp/f 644 a"])
    }

    @Test func inlineFilesAndDirectories() throws {
        let image = try Image()
        let options = CopyOptions(epoch: Timestamp(seconds: 77))
        try image.add {
            try $0.makeDirectory("/w/x", options: CopyOptions(owner: .init(user: 5, group: 6), epoch: .epoch))
        }
        try image.add {
            try $0.write(Array("text".utf8), named: "EOF", permissions: 0o644, to: "/w/", options: options)
        }
        try image.add {
            try $0.write(Array("text".utf8), named: "EOF", permissions: 0o644, to: "/v/f", options: options)
        }
        try image.add { try $0.makeDirectory("/w/x", options: options) }
        #expect(try image.listing() == ["v/ 755", "v/f 644 text", "w/ 755", "w/EOF 644 text", "w/x/ 755"])
        #expect(try image.view().status("w/x")?.owner == 5)
        #expect(image.layers.last?.index.isEmpty == true)
        #expect(throws: LayerError.notDirectory("/v/f")) {
            try image.add { try $0.makeDirectory("/v/f", options: options) }
        }
    }

    @Test func aFileThatGrowsIsNoticed() throws {
        let image = try Self.image("a")
        let tree = try LocalContext(hostPath: image.store.path.appendingPath("d1"))
        #expect(throws: LayerError.changedDuringBuild("a")) {
            try image.add { packer in
                let selection = try PathSelection(patterns: ["a"]).select(from: tree, destinationIsDirectory: false)
                try packer.copy(selection, from: tree, to: "/a", options: CopyOptions(epoch: .epoch))
                try image.context.write("longer than before", to: "a")
            }
        }
    }

    @Test func readingAFileOfAnIndexAsksForItsTree() throws {
        let image = try Self.image("a", "b")
        try image.copy("a", to: "/a")
        try image.copy("b", to: "/b")
        let view = try image.view()
        #expect(throws: LayerError.needsTree(layer: 0)) { try view.open("a").readAll(limit: 9) }
        #expect(throws: LayerError.needsTree(layer: 1)) { try view.open("b").readAll(limit: 9) }
    }
}
