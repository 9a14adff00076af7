import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import OCIModel
import Testing

@testable import BuildContexts

struct ContentHasherTests {
    static let tree: MemoryTree = {
        var tree = MemoryTree("d/a\nd/b\nd/s/c\nd/l -> a\nd/empty/\nd/h1\nd/h2 = d/h1\nd/p fifo")
        tree.add("d/dev", kind: .characterDevice)
        return tree
    }()

    static func digest(
        _ tree: some FileTree,
        _ patterns: [ByteString] = ["d"],
        keepingOwners: Bool = false
    ) throws -> Digest {
        let selection = try PathSelection(patterns: patterns).select(from: tree, destinationIsDirectory: false)
        return try ContentHasher().hash(selection, in: tree, keepingOwners: keepingOwners).digest
    }

    struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var counts: Bool
        var make: @Sendable (inout MemoryTree) -> Void
    }

    @Test(arguments: [
        Change(testDescription: "content", counts: true) { $0.addFile("d/a", "x") },
        Change(testDescription: "mode", counts: true) { $0.change("d/a") { $0.entry.permissions = 0o600 } },
        Change(testDescription: "mode of a directory", counts: true) {
            $0.change("d/s") { $0.entry.permissions = 0o700 }
        },
        Change(testDescription: "new file", counts: true) { $0.addFile("d/n") },
        Change(testDescription: "new directory", counts: true) { $0.addFolder("d/n") },
        Change(testDescription: "link target", counts: true) { $0.addLink("d/l", to: "b") },
        Change(testDescription: "link to file", counts: true) { $0.addFile("d/l", "a") },
        Change(testDescription: "hard link cut", counts: true) { $0.addFile("d/h2", "d/h1") },
        Change(testDescription: "hard link moved", counts: true) {
            $0.addFile("d/h2", "d/h1")
            $0.addFile("d/h3", "d/h1")
            $0.addHardLink("d/h3", to: "d/h1")
        },
        Change(testDescription: "fifo to socket", counts: true) { $0.add("d/p", kind: .socket) },
        Change(testDescription: "device number", counts: true) {
            $0.change("d/dev") { $0.entry.deviceNumber = DeviceNumber(major: 1, minor: 3) }
        },
        Change(testDescription: "user attribute", counts: true) { $0.change("d/a") { $0.attributes["user.x"] = [1] } },
        Change(testDescription: "capability", counts: true) {
            $0.change("d/a") { $0.attributes["security.capability"] = [1] }
        },
        Change(testDescription: "label", counts: false) {
            $0.change("d/a") { $0.attributes["security.selinux"] = [1] }
        },
        Change(testDescription: "overlay mark", counts: false) {
            $0.change("d/s") { $0.attributes["trusted.overlay.opaque"] = [1] }
        },
        Change(testDescription: "times", counts: false) {
            for path: ByteString in ["d", "d/a", "d/s", "d/l"] {
                $0.change(path) {
                    $0.entry.modified = Timestamp(seconds: 5)
                    $0.entry.changed = Timestamp(seconds: 6)
                }
            }
        },
        Change(testDescription: "inode", counts: false) { $0.change("d/a") { $0.entry.fileID.inode = 99 } },
        Change(testDescription: "owner", counts: false) { $0.change("d/a") { $0.entry.owner = 5 } },
        Change(testDescription: "mode of the source", counts: false) {
            $0.change("d") { $0.entry.permissions = 0o700 }
        },
        Change(testDescription: "file beside it", counts: false) { $0.addFile("other") },
    ])
    func `A digest is of what is copied`(change: Change) throws {
        var changed = Self.tree
        change.make(&changed)
        #expect((try Self.digest(changed) != Self.digest(Self.tree)) == change.counts)
    }

    @Test func `Owners count where they are kept`() throws {
        var changed = Self.tree
        changed.change("d/a") { $0.entry.group = 5 }
        #expect(try Self.digest(changed, keepingOwners: true) != Self.digest(Self.tree, keepingOwners: true))
        #expect(try Self.digest(Self.tree, keepingOwners: true) != Self.digest(Self.tree, keepingOwners: false))
    }

    @Test func `Selections with the same result have the same digest`() throws {
        var tree = MemoryTree("a\nb\nlink -> a\nd/x\ncopy/x")
        tree.addFile("copy/x", "d/x")
        #expect(try Self.digest(tree, ["a"]) == Self.digest(tree, ["link"]))
        #expect(try Self.digest(tree, ["d"]) == Self.digest(tree, ["d/"]))
        #expect(try Self.digest(tree, ["d"]) == Self.digest(tree, ["copy"]))
        #expect(try Self.digest(tree, ["a"]) != Self.digest(tree, ["b"]))
        let nothing = try Self.digest(tree, ["none*"])
        #expect(try nothing != Self.digest(MemoryTree("d/"), ["d"]))
    }

    @Test func `Hashes of contents are given with the digest`() throws {
        let selection = try PathSelection(patterns: ["d"]).select(from: Self.tree, destinationIsDirectory: true)
        let hashed = try ContentHasher().hash(selection, in: Self.tree, keepingOwners: false)
        for (selected, hash) in zip(selection.entries, hashed.contents) {
            let content = Self.tree.nodes[selected.source]?.content ?? []
            let expected = selected.entry.kind == .regular ? ContentHash(.sha256(of: content)) : nil
            #expect(hash == expected, "\(selected.source)")
            if let hash { #expect(try hash.digest() == .sha256(of: content)) }
        }
    }

    @Test(arguments: [0, 1, 524_287, 524_288, 524_289, 2_000_003])
    func `Files of any size are hashed by chunks`(size: Int) throws {
        let folder = try TemporaryFolder()
        try folder.write("f", String(repeating: "0123456789", count: size / 10 + 1).prefix(size).description)
        let tree = try folder.context()
        let selection = try PathSelection(patterns: ["f"]).select(from: tree, destinationIsDirectory: false)
        let hashed = try ContentHasher().hash(selection, in: tree, keepingOwners: false)
        let content = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/f"))
        #expect(hashed.contents == [ContentHash(.sha256(of: content))])
    }

    @Test(arguments: 1...4)
    func `Any number of threads gives the same result`(threads: Int) async throws {
        let folder = try TemporaryFolder()
        for number in 0..<300 { try folder.write("d\(number % 7)/f\(number)", "\(number)") }
        try folder.hardLink("h", to: "d0/f0")
        let tree = try folder.context()
        let selection = try PathSelection(patterns: ["."]).select(from: tree, destinationIsDirectory: true)
        let expected = try ContentHasher().hash(selection, in: tree, keepingOwners: false)
        var actual = try await ContentHasher().hash(selection, in: tree, keepingOwners: false, threads: threads)
        // Which files are too new to be trusted depends on when they are hashed.
        actual.unsettled = expected.unsettled
        #expect(actual == expected)
    }

    @Test func `Of several failures the first in order is reported`() async throws {
        let folder = try TemporaryFolder()
        for number in 100..<400 { try folder.write("f\(number)", "\(number)") }
        let tree = try folder.context()
        let selection = try PathSelection(patterns: ["."]).select(from: tree, destinationIsDirectory: true)
        for number in [150, 151, 152, 399] { try folder.remove("f\(number)") }
        for threads in 1...4 {
            await #expect(throws: ContextError.changedDuringBuild("f150")) {
                try await ContentHasher().hash(selection, in: tree, keepingOwners: false, threads: threads)
            }
        }
    }

    @Test func `Known files are not opened`() throws {
        let folder = try TemporaryFolder()
        try folder.write("d/a", "1")
        try folder.write("d/b", "2")
        try folder.hardLink("d/c", to: "d/a")
        let tree = try folder.context()
        let later = Timestamp(seconds: 4_000_000_000)
        let cache = FileHashCache(now: later)
        let selection = try PathSelection(patterns: ["d"]).select(from: tree, destinationIsDirectory: true)
        let first = try ContentHasher(cache: cache).hash(selection, in: tree, keepingOwners: false)
        let counting = CountingTree(tree)
        let again = FileHashCache(blob: cache.encoded(), now: later)
        let second = try ContentHasher(cache: again).hash(selection, in: counting, keepingOwners: false)
        #expect(second.digest == first.digest && second.contents == first.contents)
        #expect(counting.opened == 0)
        #expect(again.encoded() == nil)
        #expect(try ContentHasher().hash(selection, in: counting, keepingOwners: false) == first)
        #expect(counting.opened == 2)
    }

    @Test func `A change of the same size and modification time is seen`() throws {
        let folder = try TemporaryFolder()
        let tree = try folder.context()
        let cache = FileHashCache(now: Timestamp(seconds: 4_000_000_000))
        func digest() throws -> Digest {
            let selection = try PathSelection(patterns: ["f"]).select(from: tree, destinationIsDirectory: false)
            return try ContentHasher(cache: cache).hash(selection, in: tree, keepingOwners: false).digest
        }
        try folder.write("f", "old")
        try folder.age("f")
        let before = try digest()
        #expect(try digest() == before)
        Thread.sleep(forTimeInterval: 0.05)
        try folder.write("f", "new")
        try folder.age("f")
        #expect(try digest() != before)
    }

    @Test func `A file that is written between selection and hashing is noticed`() throws {
        let folder = try TemporaryFolder()
        try folder.write("f", "old")
        try folder.age("f")
        let tree = try folder.context()
        let selection = try PathSelection(patterns: ["f"]).select(from: tree, destinationIsDirectory: false)
        for make: (borrowing TemporaryFolder) throws -> Void in [
            { try $0.write("f", "new") }, { try $0.write("f", "longer") }, { try $0.remove("f") },
            { try $0.makeFolder("f") },
        ] {
            try make(folder)
            #expect(throws: ContextError.changedDuringBuild("f")) {
                try ContentHasher().hash(selection, in: tree, keepingOwners: false)
            }
        }
    }

    @Test(arguments: [100, 2_000_000])
    func `A file that is written while it is read is noticed`(size: Int) throws {
        let folder = try TemporaryFolder()
        try folder.write("f", String(repeating: "a", count: size))
        try folder.age("f")
        let path = folder.path
        let tree = ChangingTree(try folder.context()) {
            if let file = FileHandle(forWritingAtPath: path + "/f") {
                file.write(Data("b".utf8))
                try? file.close()
            }
        }
        let selection = try PathSelection(patterns: ["f"]).select(from: tree, destinationIsDirectory: false)
        #expect(throws: ContextError.changedDuringBuild("f")) {
            try ContentHasher().hash(selection, in: tree, keepingOwners: false)
        }
    }
}
