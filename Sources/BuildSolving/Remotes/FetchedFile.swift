import BuildContexts
import ByteStrings
import FileModel
import LinuxSystem
import RemoteSources

/// A folder with one file in it: what a URL holds.
///
/// The mode is that which the Dockerfile reference gives files of URLs; the time is the server's `Last-Modified`.
final class FetchedFile: FileTree {
    private let content: RemoteContent
    private let remotes: RemoteContents

    /// Shows a file whose bytes `remotes` has fetched.
    init(_ content: RemoteContent, _ remotes: RemoteContents) {
        self.content = content
        self.remotes = remotes
    }

    func status(_ path: ByteString) throws -> TreeEntry? {
        if path.isEmpty {
            return TreeEntry(kind: .directory, permissions: 0o755, fileID: FileID(device: 0, inode: 1))
        }
        return path == content.fileName ? entry : nil
    }

    func children(_ path: ByteString) throws -> [TreeChild] {
        guard path.isEmpty else { throw ContextError.notDirectory(path) }
        return [TreeChild(name: content.fileName, entry: entry)]
    }

    func readLink(_ path: ByteString) throws -> ByteString {
        throw ContextError.notLink(path)
    }

    func open(_ path: ByteString) throws -> OwnedDescriptor {
        guard path == content.fileName else { throw ContextError.notRegularFile(path) }
        return try remotes.open(content)
    }

    func extendedAttributes(_ path: ByteString) throws -> [ByteString: [UInt8]] { [:] }

    func knownContentHash(_ path: ByteString) throws -> ContentHash? {
        path == content.fileName ? ContentHash(content.digest) : nil
    }

    private var entry: TreeEntry {
        TreeEntry(
            kind: .regular,
            permissions: 0o600,
            size: content.size,
            modified: content.modified ?? .epoch,
            fileID: FileID(device: 0, inode: 2)
        )
    }
}
