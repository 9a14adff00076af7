import ByteStrings
import FileModel
import LinuxSystem
import OCIModel

/// Hashes one file after the other through one buffer.
struct FileHasher<Tree: FileTree>: ~Copyable {
    private let tree: Tree
    private let cache: FileHashCache?
    private let buffer: UnsafeMutableRawBufferPointer

    init(tree: Tree, cache: FileHashCache?) {
        self.tree = tree
        self.cache = cache
        buffer = .allocate(byteCount: 512 << 10, alignment: 4096)
    }

    deinit {
        buffer.deallocate()
    }

    /// Reads a regular file that must be what its entry says, from the first byte to the last.
    mutating func hash(_ selected: SelectedEntry) throws -> ContentHash {
        let changed = ContextError.changedDuringBuild(selected.source)
        let opened = try open(selected.source)
        let before = TreeEntry(opened.status)
        let isSame = tree.isLive ? FileStamp(before) == FileStamp(selected.entry) : before.size == selected.entry.size
        guard isSame else { throw changed }

        var digester = Digester()
        var left = before.size
        while left > 0 {
            let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(left, UInt64(buffer.count)))])
            let count = try opened.descriptor.read(into: wanted)
            guard count > 0 else { throw changed }
            digester.update(UnsafeRawBufferPointer(rebasing: wanted[..<count]))
            left -= UInt64(count)
        }
        guard try !tree.isLive || FileStamp(TreeEntry(opened.descriptor.status())) == FileStamp(before) else {
            throw changed
        }
        let hash = ContentHash(digester.finalize())
        if FileStamp(before) == FileStamp(selected.entry) { cache?.record(hash, for: before) }
        return hash
    }

    private func open(_ path: ByteString) throws -> OpenedFile {
        do {
            return try tree.openFile(path)
        } catch is ContextError where tree.isLive {
            // It was there, and a regular file, when the selection was made.
            throw ContextError.changedDuringBuild(path)
        }
    }
}
