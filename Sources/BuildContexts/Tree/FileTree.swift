package import ByteStrings
import FileModel
package import LinuxSystem

/// A tree of files that is read and never written: a context folder, or the merged file system of a stage.
///
/// Paths are clean and relative to the root of the tree: no leading or trailing slash, no empty component, no `.` or
/// `..`; the empty path is the root itself. No requirement follows a symbolic link, neither at the end of a path nor
/// inside it: below a link there is nothing. What an ignore file hides is absent. ``resolve(_:followingLast:)`` turns
/// any path into such a one.
package protocol FileTree: Sendable {
    /// The entry at `path`, or nil when there is none.
    ///
    /// - Throws: What reading the tree fails with; absence is not an error.
    func status(_ path: ByteString) throws -> TreeEntry?

    /// The entries of the directory at `path`, in ascending order of the bytes of their names.
    ///
    /// - Throws: When there is no directory at `path`, or reading it fails.
    func children(_ path: ByteString) throws -> [TreeChild]

    /// The target of the symbolic link at `path`.
    ///
    /// - Throws: When there is no link at `path`, or reading it fails.
    func readLink(_ path: ByteString) throws -> ByteString

    /// Opens the regular file at `path` for reading.
    ///
    /// - Throws: When there is no regular file at `path`, or opening it fails.
    func open(_ path: ByteString) throws -> OwnedDescriptor

    /// Opens the regular file at `path` for reading, and says what it is.
    ///
    /// - Throws: As ``open(_:)``.
    func openFile(_ path: ByteString) throws -> OpenedFile

    /// The target of the symbolic link at `path`, which must be the one that `entry` was read of.
    ///
    /// - Throws: `ContextError.changedDuringBuild` in a tree that is live; as ``readLink(_:)``.
    func readLink(_ path: ByteString, of entry: TreeEntry) throws -> ByteString

    /// The extended attributes a layer keeps, by full name; those that `CopiedAttribute` leaves out are not among them.
    ///
    /// - Throws: When there is nothing at `path`, or reading fails.
    func extendedAttributes(_ path: ByteString) throws -> [ByteString: [UInt8]]

    /// Calls `visit` with everything below the directory at `path`, but not with that directory.
    ///
    /// Parents come before children and siblings in ascending order of the bytes of their names, so the paths of two
    /// walks over equal trees are the same sequence. Made of `children(_:)` where a tree has nothing better.
    ///
    /// - Throws: What `visit` throws, or when there is no directory at `path`, or reading fails.
    func walk(_ path: ByteString, visit: (WalkedEntry) throws -> WalkDecision) throws

    /// The sha256 of the regular file at `path` where the tree knows it without reading the file, else nil.
    ///
    /// - Throws: What looking it up fails with.
    func knownContentHash(_ path: ByteString) throws -> ContentHash?

    /// The line of an ignore file that hides the file which is at `path` nevertheless, or nil.
    ///
    /// - Throws: What reading the tree fails with.
    func ruleHiding(_ path: ByteString) throws -> IgnoreRule?

    /// Whether others may write to the files while they are read, so that a file must still be what its entry says.
    var isLive: Bool { get }
}

extension FileTree {
    package func knownContentHash(_ path: ByteString) throws -> ContentHash? { nil }

    package func ruleHiding(_ path: ByteString) throws -> IgnoreRule? { nil }

    package var isLive: Bool { false }

    package func openFile(_ path: ByteString) throws -> OpenedFile {
        let descriptor = try open(path)
        let status = try descriptor.status()
        return OpenedFile(descriptor, status)
    }

    package func readLink(_ path: ByteString, of entry: TreeEntry) throws -> ByteString {
        try readLink(path)
    }

    package func walk(_ path: ByteString, visit: (WalkedEntry) throws -> WalkDecision) throws {
        var stack = PathStack(path)
        var levels = [try children(path)[...]]
        while !levels.isEmpty {
            guard let child = levels[levels.count - 1].popFirst() else {
                levels.removeLast()
                stack.leave()
                continue
            }
            let found = WalkedEntry(path: stack.path(of: child.name), entry: child.entry)
            switch try visit(found) {
            case .descend where child.entry.kind == .directory:
                stack.enter(child.name)
                levels.append(try children(found.path)[...])
            case .descend, .skip:
                break
            case .stop:
                return
            }
        }
    }
}
