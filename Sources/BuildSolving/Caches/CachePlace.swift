import ByteStrings
import ContentStorage
import LinuxSystem
import OCIModel

/// Where a cache lies: `cache-mounts/<sha256 of the id>/shared`, its copies beside it in `private-N`.
///
/// Each has the files themselves in `content`, a file to lock and, for people, the id.
struct CachePlace {
    static let contentName: ByteString = "content"
    static let lockName: ByteString = "lock"
    static let idName: ByteString = "id"

    /// The name of the copy that is used first.
    static let sharedName: ByteString = "shared"
    let path: ByteString

    init(_ id: ByteString, copy: Int, in directory: StateDirectory) {
        let root = directory.cacheMountsPath.appendingPath(ByteString(Digest.sha256(of: id.bytes).hex))
        path = root.appendingPath(copy == 0 ? Self.sharedName : ByteString("private-\(copy)"))
    }

    /// Writes the id down, for ``CacheFolders``.
    func write(id: ByteString, in folder: borrowing OwnedDescriptor) throws {
        try folder.openChild(Self.idName, [.writeOnly, .create, .truncate], permissions: 0o600).write(id.bytes)
    }
}
