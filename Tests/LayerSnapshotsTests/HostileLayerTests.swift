import BuildContexts
import ByteStrings
import FileModel
import LayerSnapshots
import LinuxSystem
import OCIModel
import TarArchive
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

    /// S36 to S41: names, links, hard links, the root and deletions that would reach out.
    ///
    /// CVE class: CVE-2026-20613, CVE-2026-28406, CVE-2026-46703, CVE-2025-47290, CVE-2021-32760, CVE-2021-29136.
    @Test(arguments: shapes, PathLookup.allCases)
    func layersStayInside(_ shape: Shape, _ lookup: PathLookup) throws {
        let store = try LayerStore()
        try OwnedDescriptor.openDirectory(store.path).write("canary", to: "canary")
        var tar = RawTar()
        shape.build(&tar)
        let layer = try store.store(tar: tar.finished)
        guard let expected = shape.expected else {
            #expect(throws: LayerError.self) { try lookup.run { try store.apply(layer) } }
            #expect(throws: LayerError.self) { try store.index(layer) }
            return
        }
        let view = try SnapshotView(layers: [.tree(lookup.run { try store.apply(layer) })])
        #expect(try TreeListing.brief(view) == expected)
        let index = try SnapshotView(layers: [.index(store.index(layer))])
        #expect(try TreeListing.of(index, contents: false) == TreeListing.of(view, contents: false))
        #expect(
            try OwnedDescriptor.openFile(store.path + "/canary", .readOnly).readAll(limit: 9) == Array("canary".utf8)
        )
    }

    /// S36: every name of a long table, as a file, a directory, a link and a hard link, on top of what is there.
    @Test(
        arguments: [
            "../x", "/../x", "a/../../x", "./../x", "./x", "//x", "/x", "x/", "a//b", "a/./b", "a/b/../../../x", "...",
            "..x", ".../x", "\\..\\x", "a\\b", "-rf", "up/x", "abs/canary", "loop/x", "up/../x", "abs/../../x",
            "a/" + String(repeating: "n", count: 90), "x\u{1}y", "*", "?", "~", "C:\\x", "caf\u{E9}",
        ],
        PathLookup.allCases
    )
    func aNameOfAnyKindReachesNothingOutside(_ name: String, _ lookup: PathLookup) throws {
        let store = try LayerStore()
        let folder = try OwnedDescriptor.openDirectory(store.path)
        try folder.write("canary", to: "canary")
        let before = try folder.status(of: "canary")
        for type in ["0", "5", "2", "1", "6"] as [Character] {
            var tar = RawTar()
            tar.add("up", type: "2", link: "../..")
            tar.add("abs", type: "2", link: String(decoding: store.path.bytes, as: UTF8.self))
            tar.add("loop", type: "2", link: "loop")
            tar.add("a/f", content: "1")
            let link = type == "1" ? "a/f" : type == "2" ? "../../canary" : ""
            tar.add(name, type: type, link: link, mode: 0o777)
            let names = try folder.entries().map(\.name)
            _ = try? lookup.run { try store.apply(store.store(tar: tar.finished)) }
            // The store, the trees and the canary, and nothing beside them.
            let new = Set(try folder.entries().map(\.name)).subtracting(names)
            #expect(new.allSatisfy { $0.hasPrefix("d") && $0.count < 4 }, "\(new)")
            #expect(try folder.status(of: "canary") == before)
        }
    }

    /// S42: marks of overlay file systems and labels of the host, on files, directories and the root.
    ///
    /// CVE class: CVE-2023-0386, CVE-2021-3493.
    @Test(arguments: PathLookup.allCases)
    func marksThatALayerBringsAreDropped(_ lookup: PathLookup) throws {
        let store = try LayerStore()
        let forged: [ByteString: [UInt8]] = [
            "trusted.overlay.opaque": Array("y".utf8), "trusted.overlay.redirect": Array("/../../x".utf8),
            "trusted.overlay.metacopy": [], "trusted.overlay.whiteout": Array("y".utf8),
            "trusted.other": Array("1".utf8), "user.overlay.opaque": Array("y".utf8),
            "user.overlay.redirect": Array("/x".utf8), "user.overlay.metacopy": [],
            "user.overlay.whiteout": Array("y".utf8), "security.selinux": Array("label".utf8),
            "user.slipway.owner": Array("0".utf8), "user.kept": Array("kept".utf8),
        ]
        func layer(_ attributes: [ByteString: [UInt8]]) throws -> PackedLayer {
            let writer = try store.writer()
            let of = { (path: ByteString, kind: TarEntryKind) in
                TarEntry(
                    path: path,
                    kind: kind,
                    attributes: FileAttributes(permissions: 0o755, extendedAttributes: attributes),
                    size: 0,
                    linkTarget: "",
                    device: DeviceNumber(major: 0, minor: 0)
                )
            }
            try writer.append(of("", .directory))
            try writer.append(of("d", .directory))
            try writer.append(of("d/f", .regular))
            return try writer.finish()
        }
        let tree = try lookup.run { try store.apply(layer(forged)) }
        let root = try OwnedDescriptor.openDirectory(tree.path)
        for (folder, name) in [(store.path, tree.path.lastPathComponent), (tree.path, "d"), (tree.path + "/d", "f")] {
            let found = try OwnedDescriptor.openDirectory(folder).extendedAttributes(of: name)
            let isOurs = !found.keys.contains { forged[$0] != nil && $0 != "user.kept" }
            #expect(isOurs, "\(name): \(found.keys)")
        }
        #expect(try root.openChild("d", .directory).extendedAttributes(of: "f")["user.kept"] == Array("kept".utf8))
        // What a lower layer has in the directory still shows.
        var lower = RawTar()
        lower.add("d/old", content: "old")
        let below = try store.apply(store.store(tar: lower.finished))
        #expect(try store.merged([tree, below]).contains { $0.hasPrefix("d/old ") })
        // And nothing of it comes out again.
        let packed = try store.index(store.pack(upper: tree.path))
        let plain = try store.index(store.pack(upper: store.apply(layer(["user.kept": Array("kept".utf8)])).path))
        #expect(packed.paths == plain.paths)
    }

    /// S43: capabilities, set-id bits and sticky directories stay, in spite of owners that are set.
    ///
    /// CVE class: CVE-2021-41103, CVE-2024-25621.
    @Test(arguments: PathLookup.allCases)
    func modesAndCapabilitiesSurviveTheirOwner(_ lookup: PathLookup) throws {
        let store = try LayerStore()
        // Version 2, and version 3 with the root of another namespace.
        let capabilities: [[UInt8]] = [
            [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 0, 0, 3, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE8, 3, 0, 0],
        ]
        let writer = try store.writer()
        func add(_ path: ByteString, _ kind: TarEntryKind, _ mode: UInt16, _ capability: [UInt8]? = nil) throws {
            var attributes = FileAttributes(permissions: mode, owner: 1234, group: 65_534, modified: .epoch)
            if let capability { attributes.extendedAttributes["security.capability"] = capability }
            try writer.append(
                TarEntry(
                    path: path,
                    kind: kind,
                    attributes: attributes,
                    size: 0,
                    linkTarget: "",
                    device: DeviceNumber(major: 0, minor: 0)
                )
            )
        }
        try add("capable2", .regular, 0o755, capabilities[0])
        try add("capable3", .regular, 0o755, capabilities[1])
        try add("setid", .regular, 0o6755)
        try add("shared", .directory, 0o2775)
        try add("tmp", .directory, 0o1777)
        let layer = try writer.finish()
        let tree = try lookup.run { try store.apply(layer) }
        let view = try SnapshotView(layers: [.tree(tree)])
        for (path, mode) in [("setid", 0o6755), ("tmp", 0o1777), ("shared", 0o2775)] as [(ByteString, UInt16)] {
            let entry = try #require(try view.status(path))
            #expect(entry.permissions == mode && entry.owner == 1234 && entry.group == 65_534, "\(path)")
        }
        for (path, value) in [("capable2", capabilities[0]), ("capable3", capabilities[1])] as [(ByteString, [UInt8])] {
            #expect(try view.extendedAttributes(path)["security.capability"] == value, "\(path)")
        }
        #expect(try store.pack(upper: tree.path).diffID == layer.diffID)
    }

    /// S43: nobody but its owner enters the state directory, whatever modes layers bring.
    @Test func othersDoNotEnterTheTrees() throws {
        let store = try LayerStore()
        var tar = RawTar()
        tar.add("./", type: "5", mode: 0o777)
        tar.add("su", mode: 0o4755)
        _ = try store.apply(store.store(tar: tar.finished))
        let state = store.path.appendingPath("state")
        #expect(try FileStatus.at(hostPath: state, followingLinks: false)?.permissions == 0o700)
    }

    /// R51: thousands of links to one file, across directories.
    @Test(arguments: PathLookup.allCases)
    func manyHardLinksStayOneFile(_ lookup: PathLookup) throws {
        let store = try LayerStore()
        var tar = RawTar()
        tar.add("first", content: "1")
        for index in 0..<5000 { tar.add("d\(index % 50)/l\(index)", type: "1", link: "first") }
        let layer = try store.store(tar: tar.finished)
        let tree = try lookup.run { try store.apply(layer) }
        let view = try SnapshotView(layers: [.tree(tree)])
        #expect(try view.status("first")?.linkCount == 5001)
        let index = try SnapshotView(layers: [.index(store.index(layer))])
        #expect(try index.status("d3/l3")?.linkCount == 5001)
    }

    /// R52, R53: times before 1970 and behind 2038, and the largest owners, come back as they were.
    @Test(arguments: PathLookup.allCases)
    func timesAndOwnersComeBackAsTheyWere(_ lookup: PathLookup) throws {
        let store = try LayerStore()
        let times: [(Int64, UInt32)] = [
            (-2_147_483_648, 0), (-1, 999_999_999), (-1, 0), (0, 0), (0, 1), (1, 500_000_000), (2_147_483_647, 0),
            (2_147_483_648, 5), (4_294_967_295, 999_999_999), (4_294_967_296, 0), (15_032_385_535, 0),
        ]
        let owners: [UInt32] = [0, 1, 65_535, 65_536, 2_097_151, 2_097_152, 0x7FFF_FFFF, 0xFFFF_FFFE]
        let writer = try store.writer()
        var number = 0
        for (seconds, nanoseconds) in times {
            for owner in owners {
                try writer.append(
                    TarEntry(
                        path: ByteString("f\(number)"),
                        kind: .regular,
                        attributes: FileAttributes(
                            permissions: 0o644,
                            owner: owner,
                            group: owners[number % owners.count],
                            modified: Timestamp(seconds: seconds, nanoseconds: nanoseconds)
                        ),
                        size: 0,
                        linkTarget: "",
                        device: DeviceNumber(major: 0, minor: 0)
                    )
                )
                number += 1
            }
        }
        let layer = try writer.finish()
        let tree = try lookup.run { try store.apply(layer) }
        let index = try store.index(layer)
        #expect(
            try TreeListing.of(SnapshotView(layers: [.tree(tree)]), contents: false)
                == TreeListing.of(SnapshotView(layers: [.index(index)]), contents: false)
        )
        for path in 0..<number {
            let entry = try #require(try SnapshotView(layers: [.index(index)]).status(ByteString("f\(path)")))
            let (seconds, nanoseconds) = times[path / owners.count]
            #expect(entry.modified == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
            #expect(entry.owner == owners[path % owners.count])
        }
    }

    /// R47: names of any bytes come back from a layer as they were, and go into the next one.
    @Test(arguments: PathLookup.allCases)
    func namesOfAnyBytesComeBackAsTheyWere(_ lookup: PathLookup) throws {
        let store = try LayerStore()
        let names = OddNames.make(count: 5000, seed: 11)
        let writer = try store.writer()
        for name in names {
            try writer.append(
                TarEntry(
                    path: name,
                    kind: .regular,
                    attributes: FileAttributes(permissions: 0o644),
                    size: 0,
                    linkTarget: "",
                    device: DeviceNumber(major: 0, minor: 0)
                )
            )
        }
        let layer = try writer.finish()
        let tree = try lookup.run { try store.apply(layer) }
        #expect(try Set(OwnedDescriptor.openDirectory(tree.path).entries().map(\.name)) == names)
        #expect(try Set(store.index(layer).paths) == names)
        #expect(try Set(store.index(store.pack(upper: tree.path)).paths) == names)
    }

    /// S44: numbers of devices come back as they were, or are refused.
    @Test(arguments: PathLookup.allCases)
    func devicesHaveTheirNumbers(_ lookup: PathLookup) throws {
        let store = try LayerStore()
        var tar = RawTar()
        for (number, device) in [(1, 3), (8, 0), (259, 1_048_575), (4095, 0)].enumerated() {
            tar.add("c\(number)", type: "3", device: device)
            tar.add("b\(number)", type: "4", device: device)
        }
        tar.add("p", type: "6")
        let layer = try store.store(tar: tar.finished)
        let tree = try lookup.run { try store.apply(layer) }
        #expect(
            try TreeListing.of(SnapshotView(layers: [.tree(tree)]), contents: false)
                == TreeListing.of(SnapshotView(layers: [.index(store.index(layer))]), contents: false)
        )
        let whiteout = try #require(try SnapshotView(layers: [.tree(tree)]).status("c2"))
        #expect(whiteout.deviceNumber == DeviceNumber(major: 259, minor: 1_048_575))
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
