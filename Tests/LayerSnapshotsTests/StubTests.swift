import BuildContexts
import ByteStrings
import FileModel
import LayerSnapshots
import LinuxSystem
import Testing

@Suite(.enabled(if: Privileges.canMount, "needs root for overlay mounts and devices"))
struct StubTests {
    @Test func emptyTargetsGoWithTheirParentsAndTheRestStays() throws {
        let store = try LayerStore()
        let upper = try store.newDirectory()
        let root = try OwnedDescriptor.openDirectory(upper)
        for path in ["a", "a/b", "a/b/cache", "kept", "kept/cache", "mine", "mine/full", "lower", "lower/x"] {
            try root.make(directory: ByteString(path))
        }
        try root.write("", to: "kept/file")
        try root.write("content", to: "mine/full/file")
        try root.write("", to: "secret")
        try root.setModified(Timestamp(seconds: 3), of: "kept")
        try StubRemover.removeStubs(
            ["a/b/cache", "kept/cache", "mine/full", "secret", "lower/x", "never/made"],
            upper: upper,
            lowerHas: { $0 == "lower" }
        )
        #expect(
            try TreeListing.brief(SnapshotView(layers: [.tree(LayerTree(path: upper))]))
                == [
                    "kept/ 755", "kept/file 644 ", "lower/ 755", "mine/ 755", "mine/full/ 755",
                    "mine/full/file 644 content",
                ]
        )
        #expect(try root.status(of: "kept").modified == Timestamp(seconds: 3))
    }

    @Test func nobodyIsAskedAboutWhatTheUpperLacks() throws {
        let store = try LayerStore()
        let upper = try store.newDirectory()
        try OwnedDescriptor.openDirectory(upper).write("", to: "own")
        try StubRemover.removeStubs(["proc", "etc/hosts", "own/mount"], upper: upper) { path in
            #expect(path.hasPrefix("own"))
            return false
        }
        #expect(try OwnedDescriptor.openDirectory(upper).entries().map(\.name) == ["own"])
    }

    @Test(arguments: [1, 63, 64, 65, 200]) func targetsAreFoundAmongAnyNumberOfNames(count: Int) throws {
        let store = try LayerStore()
        let upper = try store.newDirectory()
        let root = try OwnedDescriptor.openDirectory(upper)
        try root.make(directory: "stub")
        for number in 1..<count { try root.write("x", to: ByteString("f\(number)")) }
        try StubRemover.removeStubs(["stub"], upper: upper) { _ in false }
        #expect(try root.entries().count == count - 1)
    }
}
