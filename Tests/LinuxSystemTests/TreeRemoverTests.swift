import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite struct TreeRemoverTests {
    @Test func everyKindOfEntryIsRemovedAndNoLinkFollowed() throws {
        let scratch = try Scratch()
        try scratch.write("outside/canary", "kept")
        try scratch.write("tree/a/b/file")
        try scratch.write("tree/a/second")
        try scratch.makeDirectory("tree/empty")
        try scratch.link("tree/a/up", to: "../..")
        try scratch.link("tree/out", to: scratch.path("outside"))
        try scratch.directory.openChild("tree", .directory).makeNode("fifo", kind: .fifo, permissions: 0)
        try scratch.directory.removeTree("tree")
        #expect(try scratch.directory.entries().map(\.name) == ["outside"])
        #expect(try scratch.text("outside/canary") == "kept")
    }

    @Test func aLinkOrAFileIsRemovedItself() throws {
        let scratch = try Scratch()
        try scratch.write("dir/file")
        try scratch.link("link", to: "dir")
        try scratch.directory.removeTree("link")
        #expect(try scratch.exists("dir/file"))
        try scratch.directory.removeTree("dir")
        try scratch.directory.removeTree("dir")
        #expect(try scratch.directory.entries().isEmpty)
    }

    @Test func fiveThousandLevelsAreRemovedWithFewDescriptors() throws {
        let scratch = try Scratch()
        var bottom = try scratch.directory.reopenDirectory()
        for _ in 0..<5000 {
            try bottom.makeDirectory("level", permissions: 0o755)
            _ = try bottom.openChild("file", [.writeOnly, .create], permissions: 0o600)
            bottom = try bottom.openChild("level", .directory)
        }
        // While it is open, the kernel keeps every removed directory above it in mind, and walks through them each time.
        try bottom.close()
        try scratch.directory.removeTree("level")
        #expect(try scratch.directory.entries().map(\.name) == ["file"])
    }

    @Test func manySiblingsAreRemoved() throws {
        let scratch = try Scratch()
        for number in 0..<2000 { try scratch.makeDirectory(ByteString("tree/dir\(number)/inner")) }
        try scratch.directory.removeTree("tree")
        #expect(try scratch.directory.isEmptyDirectory())
    }

    @Test(.root) func aMountBelowIsNotEmptied() throws {
        let scratch = try Scratch()
        try scratch.write("source/canary", "kept")
        try scratch.makeDirectory("tree/point")
        let mount = try DetachedMount.clone(of: scratch.directory.openChild("source", .directory))
        try DetachedMount.attach(mount, over: .openDirectory(scratch.path("tree/point")))
        defer { try? DetachedMount.unmount(scratch.path("tree/point")) }

        #expect(errno { try scratch.directory.removeTree("tree") } == .improperLink)
        #expect(try scratch.text("source/canary") == "kept")
        try DetachedMount.unmount(scratch.path("tree/point"))
        try scratch.directory.removeTree("tree")
        #expect(try scratch.directory.entries().map(\.name) == ["source"])
    }

    @Test(.enabled(if: Host.effectiveUserID != 0, "needs an ordinary user"))
    func directoriesWithoutPermissionsAreRemovedByTheirOwner() throws {
        let scratch = try Scratch()
        try scratch.write("tree/closed/file")
        try scratch.directory.openChild("tree", .directory).setPermissions(0, of: "closed")
        try scratch.directory.setPermissions(0o500, of: "tree")
        try scratch.directory.removeTree("tree")
        #expect(try scratch.directory.isEmptyDirectory())
    }

    /// Another thread keeps moving a subtree out of the way and back.
    @Test func aTreeThatMovesMeanwhileTakesNothingElseAlong() async throws {
        for _ in 0..<8 {
            let scratch = try Scratch()
            try scratch.write("kept/canary")
            for number in 0..<100 { try scratch.write(ByteString("tree/a/b/c\(number)/file")) }
            let over = Flag()
            let path = scratch.path
            async let mover: Void = BlockingThread.run {
                let to = try OwnedDescriptor.openDirectory(path.appendingPath("kept"))
                guard let from = try? OwnedDescriptor.openDirectory(path.appendingPath("tree/a")) else { return }
                while !over.isSet {
                    try? from.rename("b", to: "b", in: to)
                    try? to.rename("b", to: "b", in: from)
                }
            }
            try? scratch.directory.removeTree("tree")
            over.set()
            try await mover
            #expect(try scratch.exists("kept/canary"))
        }
    }
}
