import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite(.root) struct DetachedOverlayTests {
    private func makeLayers(_ scratch: borrowing Scratch) throws {
        try scratch.write("low/both", "low")
        try scratch.write("low/low", "low")
        try scratch.write("low/dir/gone", "low")
        try scratch.write("high/both", "high")
        try scratch.makeDirectory("upper")
        try scratch.makeDirectory("work")
    }

    private func text(_ tree: borrowing OwnedDescriptor, _ path: ByteString) throws -> String {
        String(decoding: try tree.open(path, .readOnly, resolving: .inRoot).readAll(limit: 1000), as: UTF8.self)
    }

    @Test func layersAreStackedTopFirst() throws {
        let scratch = try Scratch()
        try makeLayers(scratch)
        let tree = try DetachedOverlay.mount(
            lower: [scratch.path("high"), scratch.path("low")],
            upper: nil,
            work: nil
        )
        #expect(try text(tree, "both") == "high")
        #expect(try text(tree, "low") == "low")
        #expect(errno { try tree.makeDirectory("new", permissions: 0o755) } == .readOnlyFileSystem)
        #expect(try tree.filesystem().type == FilesystemStatus.overlay)
    }

    @Test func changesGoToTheUpperDirectory() throws {
        let scratch = try Scratch()
        try makeLayers(scratch)
        do {
            let tree = try DetachedOverlay.mount(
                lower: [scratch.path("low")],
                upper: scratch.path("upper"),
                work: scratch.path("work")
            )
            try tree.makeDirectory("new", permissions: 0o755)
            try tree.removeFile("both")
        }
        #expect(try scratch.exists("upper/new"))
        #expect(try scratch.exists("low/both"))
        let upper = try scratch.directory.openChild("upper", .directory)
        #expect(try upper.status(of: "both").kind == .characterDevice)
        let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
        #expect(!mounts.contains(scratch.path.description))
    }

    @Test func aReadOnlyTreeWithAnUpperDirectoryTakesNoChange() throws {
        let scratch = try Scratch()
        try makeLayers(scratch)
        let tree = try DetachedOverlay.mount(
            lower: [scratch.path("low")],
            upper: scratch.path("upper"),
            work: scratch.path("work"),
            readOnly: true,
            volatile: true
        )
        #expect(errno { try tree.removeFile("both") } == .readOnlyFileSystem)
    }

    @Test func aSingleDirectoryIsBound() throws {
        let scratch = try Scratch()
        try makeLayers(scratch)
        let tree = try DetachedOverlay.mount(lower: [scratch.path("low")], upper: nil, work: nil)
        #expect(try text(tree, "low") == "low")
        #expect(errno { try tree.removeFile("low") } == .readOnlyFileSystem)
        let alone = try DetachedOverlay.mount(lower: [], upper: scratch.path("upper"), work: scratch.path("work"))
        try alone.makeDirectory("new", permissions: 0o755)
        #expect(try scratch.exists("upper/new"))
    }

    @Test(arguments: [1, 2, 127, 300, 499]) func manyLayersWithLongAndOddPathsAreStacked(_ count: Int) throws {
        let scratch = try Scratch()
        let odd = ByteString("a:b,c\\d" + String(repeating: "x", count: 240))
        try scratch.makeDirectory("upper")
        try scratch.makeDirectory("work")
        var lower: [ByteString] = []
        for number in 0..<count {
            let layer = odd + ByteString("/\(number)")
            try scratch.write(layer + ByteString("/file\(number)"))
            lower.append(scratch.path(layer))
        }
        let tree = try DetachedOverlay.mount(
            lower: lower,
            upper: scratch.path("upper"),
            work: scratch.path("work")
        )
        #expect(try tree.entries().count == count)
    }

    @Test func wrongSetsOfDirectoriesAreRefused() throws {
        let scratch = try Scratch()
        try makeLayers(scratch)
        let low = scratch.path("low")
        #expect(errno { try DetachedOverlay.mount(lower: [], upper: nil, work: nil) } == .invalidArgument)
        #expect(errno { try DetachedOverlay.mount(lower: [low], upper: low, work: nil) } == .invalidArgument)
        let many = Array(repeating: low, count: 501)
        #expect(errno { try DetachedOverlay.mount(lower: many, upper: nil, work: nil) } == .invalidArgument)
        let upper = scratch.path("upper")
        #expect(errno { try DetachedOverlay.mount(lower: [low], upper: upper, work: upper) } == .invalidArgument)
        let missing = #expect(throws: SystemError.self) {
            _ = try DetachedOverlay.mount(lower: [low, scratch.path("none")], upper: nil, work: nil)
        }
        #expect(missing?.path == scratch.path("none"))
    }
}
