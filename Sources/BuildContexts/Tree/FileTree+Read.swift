package import ByteStrings
import FileModel
import LinuxSystem

extension FileTree {
    /// The bytes of the regular file that a path leads to, with links followed inside the tree; nil when nothing is there.
    ///
    /// - Throws: `ContextError.notRegularFile`, `ContextError.fileTooLarge` for more than `limit` bytes,
    ///   `ContextError.tooManyLinks`, or what reading the tree fails with.
    package func readFile(_ path: ByteString, limit: Int) throws -> [UInt8]? {
        guard case .found(let resolved, let entry) = try resolution(of: path, followingLast: true) else { return nil }
        guard entry.kind == .regular else { throw ContextError.notRegularFile(path) }
        guard entry.size <= UInt64(clamping: limit) else { throw ContextError.fileTooLarge(path, limit: limit) }
        return try open(resolved).readAll(limit: limit)
    }
}
