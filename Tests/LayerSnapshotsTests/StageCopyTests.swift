import BuildContexts
import ByteStrings
import ContentStorage
import FileModel
import Foundation
import LayerSnapshots
import LinuxSystem
import OCIModel
import TarArchive
import Testing

/// COPY --from a stage whose files are strange.
@Suite(.enabled(if: Privileges.canMount, "needs root for devices and owners"))
struct StageCopyTests {
    /// Packs what a pattern selects of a view; the members of the layer by name.
    private static func copy(_ pattern: ByteString, of view: SnapshotView, _ store: LayerStore) throws
        -> [ByteString: TarEntry]
    {
        let selection = try PathSelection(patterns: [pattern]).select(from: view, destinationIsDirectory: true)
        _ = try ContentHasher().hash(selection, in: view, keepingOwners: true)
        var packer = try CopyPacker(over: nil, spoolFolder: store.path)
        try packer.copy(selection, from: view, to: "/x/", options: CopyOptions(epoch: .epoch))
        let writer = try LayerWriter(into: store.state.blobs.writer(in: store.session), compression: .none)
        _ = try packer.pack(into: writer)
        let layer = try writer.finish()
        let reader = try ArchiveReader(.bytes(store.state.blobs.readAll(layer.blob.digest, limit: 1 << 24)))
        var members: [ByteString: TarEntry] = [:]
        while let entry = try reader.next() { members[entry.path] = entry }
        return members
    }

    /// S32: pipes without a writer, devices that never end, links into `/proc`: nothing is opened, and nothing hangs.
    ///
    /// CVE class: CVE-2023-0778, CVE-2024-9676.
    @Test(.timeLimit(.minutes(1)), arguments: PathLookup.allCases)
    func filesThatAreNoneAreCopiedUnopened(_ lookup: PathLookup) throws {
        let store = try LayerStore()
        var tar = RawTar()
        tar.add("d/", type: "5", mode: 0o755)
        tar.add("d/fifo", type: "6")
        tar.add("d/zero", type: "3", device: (1, 5))
        tar.add("d/kmsg", type: "3", device: (1, 11))
        tar.add("d/disk", type: "4", device: (8, 0))
        tar.add("d/self", type: "2", link: "/proc/self/root/etc/passwd")
        tar.add("d/down", type: "2", link: String(repeating: "./", count: 45) + "gone")
        tar.add("d/f", content: "1")
        let layer = try store.store(tar: tar.finished)
        let members = try lookup.run {
            let tree = try store.apply(layer)
            // A socket is in no archive; a command may leave one nevertheless.
            try OwnedDescriptor.openDirectory(tree.path).openChild("d", .directory)
                .makeNode("socket", kind: .socket, permissions: 0o755)
            return try Self.copy("d", of: SnapshotView(layers: [.tree(tree)]), store)
        }
        #expect(members["x/fifo"]?.kind == .fifo)
        #expect(members["x/zero"]?.kind == .characterDevice)
        #expect(members["x/kmsg"]?.device == DeviceNumber(major: 1, minor: 11))
        #expect(members["x/disk"]?.kind == .blockDevice)
        #expect(members["x/self"]?.linkTarget == "/proc/self/root/etc/passwd")
        #expect(members["x/f"]?.size == 1)
        #expect(members["x/socket"] == nil)
    }

    @Test(arguments: ["fifo", "zero", "disk", "l"] as [ByteString])
    func onlyRegularFilesAreOpened(_ name: ByteString) throws {
        let store = try LayerStore()
        var tar = RawTar()
        tar.add("fifo", type: "6")
        tar.add("zero", type: "3", device: (1, 5))
        tar.add("disk", type: "4", device: (8, 0))
        tar.add("l", type: "2", link: "/etc/passwd")
        let view = try SnapshotView(layers: [.tree(store.apply(store.store(tar: tar.finished)))])
        #expect(throws: LayerError.notFound("/" + name)) { _ = try view.open(name).rawValue }
        #expect(throws: LayerError.notFound("/" + name)) {
            _ = try view.openFile(name, FileID(device: 1, inode: 1)).status.size
        }
    }

    /// S32: links that lead to links a hundred thousand times, around in a circle, or out of the stage.
    @Test(.timeLimit(.minutes(1)), arguments: PathLookup.allCases)
    func chainsOfLinksEndAndStayInside(_ lookup: PathLookup) throws {
        let store = try LayerStore()
        var tar = RawTar()
        for number in 0..<5_000 { tar.add("l\(number)", type: "2", link: "l\(number + 1)") }
        tar.add("a", type: "2", link: "b")
        tar.add("b", type: "2", link: "a")
        tar.add("etc/passwd", content: "inside")
        tar.add("out", type: "2", link: "../../../../../../../etc/passwd")
        tar.add("root", type: "2", link: "/")
        let layer = try store.store(tar: tar.finished)
        let (failures, inside) = try lookup.run {
            let view = try SnapshotView(layers: [.tree(store.apply(layer))])
            var failures: [ContextError?] = []
            for path in ["l0", "a", "a/x"] as [ByteString] {
                do {
                    _ = try Self.copy(path, of: view, store)
                    failures.append(nil)
                } catch let error as ContextError {
                    failures.append(error)
                }
            }
            let inside = try ["out", "root/root/etc/passwd", "root/../../etc/passwd"].map { path in
                try view.readFile(path, limit: 100) ?? []
            }
            return (failures, inside)
        }
        #expect(failures == [.tooManyLinks("l0"), .tooManyLinks("a"), .tooManyLinks("a/x")])
        #expect(inside == Array(repeating: Array("inside".utf8), count: 3))
    }

    /// R48: a deep tree is unpacked, seen, copied and packed again; its paths are longer than the system takes.
    @Test(arguments: PathLookup.allCases)
    func aDeepStageIsCopied(_ lookup: PathLookup) throws {
        let levels = 700
        let store = try LayerStore()
        let writer = try store.writer()
        var path = ByteString()
        func add(_ path: ByteString, _ kind: TarEntryKind) throws {
            try writer.append(
                TarEntry(
                    path: path,
                    kind: kind,
                    attributes: FileAttributes(permissions: 0o755),
                    size: 0,
                    linkTarget: "",
                    device: DeviceNumber(major: 0, minor: 0)
                )
            )
        }
        // Down to the bottom, and all the way up again.
        var folders: [ByteString] = []
        for _ in 0..<levels {
            path = path.appendingPath("directory")
            folders.append(path)
            try add(path, .directory)
        }
        for folder in folders.reversed() { try add(folder.appendingPath("z"), .regular) }
        let layer = try writer.finish()
        let (tree, members) = try lookup.run {
            let tree = try store.apply(layer)
            let empty = try store.store(tar: RawTar().finished)
            let layers: [SnapshotView.Layer] = [.tree(try store.apply(empty)), .tree(tree)]
            return (tree, try Self.copy("directory", of: SnapshotView(layers: layers), store))
        }
        defer { try? OwnedDescriptor.openDirectory(store.path).removeTree(tree.path.lastPathComponent) }
        // The first directory gives its contents, and `x` is made for them.
        #expect(members.count == 2 * levels)
        #expect(members.keys.map(\.count).max() == 1 + 10 * (levels - 1) + 2)
        let again = try lookup.run { try store.index(store.pack(upper: tree.path)) }
        #expect(try again.paths.sorted() == store.index(layer).paths.sorted())
    }
}
