import BuildContexts
import ByteStrings
import ContentStorage
import FileModel
import Foundation
import LayerSnapshots
import LinuxSystem
import OCIModel
import Synchronization
import TarArchive
import Testing

/// Contexts that are strange, large, or written to while they are read.
@Suite struct HostileContextTests {
    /// Packs a context folder whole; the tar, and the hashes of its files by path.
    private static func pack(
        _ tree: LocalContext,
        _ store: LayerStore
    ) throws -> (tar: [UInt8], hashes: [ByteString: ContentHash]) {
        let selection = try PathSelection(patterns: ["."]).select(from: tree, destinationIsDirectory: true)
        let hashed = try ContentHasher().hash(selection, in: tree, keepingOwners: false)
        var packer = try CopyPacker(over: nil, spoolFolder: store.path)
        try packer.copy(
            selection,
            from: tree,
            to: "/",
            options: CopyOptions(epoch: .epoch),
            unsettled: hashed.unsettled
        )
        let writer = try LayerWriter(into: store.state.blobs.writer(in: store.session), compression: .none)
        _ = try packer.pack(into: writer)
        let layer = try writer.finish()
        var hashes: [ByteString: ContentHash] = [:]
        for (selected, hash) in zip(selection.entries, hashed.contents) { hashes[selected.destination] = hash }
        return (try store.state.blobs.readAll(layer.blob.digest, limit: 1 << 28), hashes)
    }

    private static func members(_ tar: [UInt8]) throws -> [ByteString: (entry: TarEntry, content: [UInt8])] {
        let reader = try ArchiveReader(.bytes(tar))
        var members: [ByteString: (TarEntry, [UInt8])] = [:]
        while let entry = try reader.next() { members[entry.path] = (entry, try reader.readAll(limit: 1 << 27)) }
        return members
    }

    /// A file that is written all the time ends up whole and as it was hashed, or the build fails.
    @Test func theHashIsAlwaysThatOfTheBytesInTheLayer() throws {
        let store = try LayerStore()
        let path = try store.newDirectory()
        let folder = try OwnedDescriptor.openDirectory(path)
        let versions = [String(repeating: "a", count: 5000), String(repeating: "b", count: 5000)]
        try folder.write(versions[0], to: "f")
        let isOver = Flag()
        let url = URL(fileURLWithPath: path.description + "/f")
        let thread = Thread {
            guard let file = try? FileHandle(forUpdating: url) else { return }
            var turn = 0
            while !isOver.isSet {
                turn += 1
                // In place, so that neither size nor inode tell anything.
                try? file.seek(toOffset: 0)
                try? file.write(contentsOf: Data(versions[turn % 2].utf8))
                usleep(500)
            }
        }
        thread.start()
        defer { isOver.set() }
        var (packed, noticed) = (0, 0)
        for _ in 0..<200 {
            do {
                let (tar, hashes) = try Self.pack(LocalContext(hostPath: path), store)
                let content = try Self.members(tar)["f"]?.content ?? []
                #expect(hashes["f"] == ContentHash(.sha256(of: content)))
                packed += 1
            } catch let error as ContextError {
                #expect(error == .changedDuringBuild("f"))
                noticed += 1
            } catch let error as LayerError {
                #expect(error == .changedDuringBuild("f"))
                noticed += 1
            }
        }
        #expect(packed + noticed == 200)
        #expect(noticed > 0)
    }

    /// A file of the same size and modification time is another file.
    @Test func aSwapThatKeepsSizeAndTimeIsNoticed() throws {
        let store = try LayerStore()
        let path = try store.newDirectory()
        let folder = try OwnedDescriptor.openDirectory(path)
        let time = Timestamp(seconds: 1_000_000_000)
        try folder.write("old", to: "f")
        try folder.setModified(time, of: "f")
        let tree = try LocalContext(hostPath: path)
        let selection = try PathSelection(patterns: ["f"]).select(from: tree, destinationIsDirectory: false)
        let first = try ContentHasher().hash(selection, in: tree, keepingOwners: false)
        var packer = try CopyPacker(over: nil, spoolFolder: store.path)
        try packer.copy(selection, from: tree, to: "/f", options: CopyOptions(epoch: .epoch))

        try folder.write("new", to: "g")
        try folder.setModified(time, of: "g")
        try folder.rename("g", to: "f", in: folder)

        let writer = try store.writer()
        var error: (any Error)?
        do { _ = try packer.pack(into: writer) } catch let failure { error = failure }
        #expect(error as? LayerError == .changedDuringBuild("f"))
        let again = try PathSelection(patterns: ["f"]).select(from: tree, destinationIsDirectory: false)
        #expect(try ContentHasher().hash(again, in: tree, keepingOwners: false).digest != first.digest)
    }

    @Test(arguments: PathLookup.allCases)
    func namesAreKeptByteForByte(_ lookup: PathLookup) throws {
        let store = try LayerStore()
        let path = try store.newDirectory()
        let names = OddNames.make(count: 5000, seed: 7)
        let tar = try lookup.run {
            let folder = try OwnedDescriptor.openDirectory(path)
            for name in names { try folder.write("", to: name) }
            return try Self.pack(LocalContext(hostPath: path), store).tar
        }
        #expect(try Set(Self.members(tar).keys) == names)
    }

    @Test func namesForDeletionsAreRefused() throws {
        let store = try LayerStore()
        let path = try store.newDirectory()
        try OwnedDescriptor.openDirectory(path).write("", to: ".wh.x")
        #expect(throws: LayerError.reservedName("/.wh.x")) { try Self.pack(LocalContext(hostPath: path), store) }
    }

    /// A thousand levels with a file at each, whose paths are longer than the system takes.
    @Test(arguments: PathLookup.allCases)
    func deepTreesTakeLinearTime(_ lookup: PathLookup) throws {
        func seconds(_ depth: Int) throws -> Double {
            let store = try LayerStore()
            let path = try store.newDirectory()
            defer { try? OwnedDescriptor.openDirectory(store.path).removeTree(path.lastPathComponent) }
            var folder = FolderBox(try OwnedDescriptor.openDirectory(path))
            for _ in 0..<depth {
                try folder.descriptor.write("x", to: "f")
                try folder.descriptor.makeDirectory("deep", permissions: 0o755)
                try folder.descriptor.makeDirectory("z", permissions: 0o755)
                folder = FolderBox(try folder.descriptor.openChild("deep", .directory))
            }
            return try lookup.run {
                let clock = ContinuousClock.now
                let (tar, hashes) = try Self.pack(LocalContext(hostPath: path), store)
                let time = clock.duration(to: .now)
                guard hashes.count == depth, tar.count > depth * 1024 else { return .infinity }
                return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
            }
        }
        let (short, long) = (try seconds(100), try seconds(1000))
        // The paths alone have a hundred times the bytes.
        #expect(long < 150 * max(short, 0.02), "100 levels: \(short) s, 1,000 levels: \(long) s")
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .relaxed) }
        func set() { value.store(true, ordering: .relaxed) }
    }

    private final class FolderBox {
        let descriptor: OwnedDescriptor
        init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
    }

    @Test func pathsLongerThanTheSystemTakesArePacked() throws {
        let store = try LayerStore()
        let path = try store.newDirectory()
        defer { try? OwnedDescriptor.openDirectory(store.path).removeTree(path.lastPathComponent) }
        let name = ByteString([UInt8](repeating: UInt8(ascii: "n"), count: 250))
        var folder = FolderBox(try OwnedDescriptor.openDirectory(path))
        for _ in 0..<40 {
            try folder.descriptor.makeDirectory(name, permissions: 0o755)
            folder = FolderBox(try folder.descriptor.openChild(name, .directory))
        }
        try folder.descriptor.write("deep", to: "f")
        let (tar, _) = try Self.pack(LocalContext(hostPath: path), store)
        let longest = try Self.members(tar).values.first { $0.content == Array("deep".utf8) }
        #expect(longest?.entry.path.count == 40 * 251 + 1)
    }

    @Test func sparseFilesAreReadAroundTheirHoles() throws {
        let store = try LayerStore()
        let path = try store.newDirectory()
        let file = try OwnedDescriptor.openFile(path + "/f", [.readWrite, .create], permissions: 0o644)
        let size: UInt64 = 24 << 20
        try file.truncate(to: size)
        let data = [UInt8](repeating: 7, count: 1 << 16)
        try data.withUnsafeBytes { try file.write(all: $0, at: 10 << 20) }
        let (tar, _) = try Self.pack(LocalContext(hostPath: path), store)
        let content = try Self.members(tar)["f"]?.content ?? []
        #expect(content.count == Int(size))
        #expect(Array(content[(10 << 20)..<((10 << 20) + data.count)]) == data)
        #expect(content[..<(10 << 20)].allSatisfy { $0 == 0 })
        #expect(content[((10 << 20) + data.count)...].allSatisfy { $0 == 0 })
    }

    @Test func hardLinksAcrossDirectoriesStayOneFile() throws {
        let store = try LayerStore()
        let path = try store.newDirectory()
        let folder = try OwnedDescriptor.openDirectory(path)
        try folder.write("content", to: "first")
        for index in 0..<50 {
            let name = ByteString("d\(index)")
            try folder.makeDirectory(name, permissions: 0o755)
            let inner = try folder.openChild(name, .directory)
            for link in 0..<40 { try inner.makeHardLink(ByteString("l\(link)"), to: "first", in: folder) }
        }
        let members = try Self.members(Self.pack(LocalContext(hostPath: path), store).tar)
        let kinds = members.values.map(\.entry.kind)
        #expect(kinds.count(where: { $0 == .regular }) == 1)
        #expect(kinds.count(where: { $0 == .hardLink }) == 2000)
        #expect(Set(members.values.map(\.entry.linkTarget)).subtracting([""]).count == 1)
    }
}
