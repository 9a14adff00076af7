package import ByteStrings
import FileModel
package import LinuxSystem
import Synchronization

/// A folder of the host as the build sees it: without what its ignore file hides, and without a way out.
///
/// Every file is opened from the descriptor of the folder, and links are never followed by the kernel. An ignored
/// directory is there when something below it is not ignored. Extended attributes are not seen: they say what a file is
/// to this host, and an image must not depend on that.
package final class LocalContext: FileTree {
    let root: FolderHandle
    let ignore: IgnoreMatcher

    /// Where files were opened last.
    ///
    /// Whoever looks at the folder anew forgets it, since others may rename directories.
    private let recent: Mutex<FolderChain>

    /// Opens the folder; `hostPath` is trusted and may lead through links.
    ///
    /// - Throws: When there is no such directory or it cannot be read.
    package init(hostPath: ByteString, ignore: IgnoreMatcher = IgnoreMatcher([])) throws(SystemError) {
        root = FolderHandle(try OwnedDescriptor.openDirectory(hostPath))
        self.ignore = ignore
        recent = Mutex(FolderChain(root: root, ignore: ignore))
    }

    package var isLive: Bool { true }

    package func status(_ path: ByteString) throws -> TreeEntry? {
        forgetRecent()
        guard let entry = try unfilteredStatus(path), try shows(path, entry.kind) else { return nil }
        return entry
    }

    package func children(_ path: ByteString) throws -> [TreeChild] {
        var children: [TreeChild] = []
        try walk(path) { found in
            children.append(TreeChild(name: found.path.lastPathComponent, entry: found.entry))
            return .skip
        }
        return children
    }

    package func readLink(_ path: ByteString) throws -> ByteString {
        let (folder, name) = try recentFolder(of: path)
        return try folder.descriptor.readLink(name)
    }

    package func readLink(_ path: ByteString, of entry: TreeEntry) throws -> ByteString {
        do {
            let (folder, name) = try recentFolder(of: path)
            let target = try folder.descriptor.readLink(name)
            // A link is never written to, only replaced.
            let status = try folder.descriptor.statusIfPresent(of: name)
            guard let status, FileStamp(TreeEntry(status)) == FileStamp(entry) else {
                throw ContextError.changedDuringBuild(path)
            }
            return target
        } catch is SystemError {
            throw ContextError.changedDuringBuild(path)
        }
    }

    package func open(_ path: ByteString) throws -> OwnedDescriptor {
        let opened = try openFile(path)
        return opened.takeDescriptor()
    }

    package func openFile(_ path: ByteString) throws -> OpenedFile {
        if path.isEmpty { throw ContextError.notRegularFile(path) }
        do {
            let (folder, name) = try recentFolder(of: path)
            // Should the file have become a FIFO since it was looked at, opening it must not wait for a writer.
            let file = try folder.descriptor.openChild(name, [.readOnly, .nonBlocking])
            let status = try file.status()
            guard status.kind == .regular else { throw ContextError.notRegularFile(path) }
            return OpenedFile(file, status)
        } catch let error as SystemError where error.meansAbsence {
            throw notFound(path)
        }
    }

    package func extendedAttributes(_ path: ByteString) -> [ByteString: [UInt8]] { [:] }

    package func ruleHiding(_ path: ByteString) throws -> IgnoreRule? {
        guard let pattern = ignore.decidingPattern(for: path), !pattern.isException else { return nil }
        return try unfilteredStatus(path) == nil ? nil : pattern.rule
    }

    package func walk(_ path: ByteString, visit: (WalkedEntry) throws -> WalkDecision) throws {
        guard let entry = try status(path) else { throw notFound(path) }
        guard entry.kind == .directory else { throw ContextError.notDirectory(path) }
        forgetRecent()
        var walk = LocalWalk(self, from: path)
        do {
            try walk.run(visit)
        } catch let error as SystemError where error.meansAbsence {
            throw ContextError.changedDuringBuild(error.path ?? path)
        }
    }

    private func unfilteredStatus(_ path: ByteString) throws(SystemError) -> TreeEntry? {
        if path.isEmpty { return TreeEntry(try root.descriptor.status()) }
        do {
            return try openFolder(of: path).statusIfPresent(of: path.lastPathComponent).map(TreeEntry.init)
        } catch  where error.meansAbsence {
            return nil
        }
    }

    private func openFolder(of path: ByteString) throws(SystemError) -> OwnedDescriptor {
        try root.descriptor.open(path.folderAndName.folder, .directory, resolving: .beneathWithoutLinks)
    }

    /// The directory of an entry that is not ignored, and the name in it.
    private func recentFolder(of path: ByteString) throws -> (folder: FolderHandle, name: ByteString) {
        let (folder, name) = path.folderAndName
        let (handle, scope) = try recent.withLock { try $0.folder(at: folder) }
        let isIgnored = path.bytes.withUnsafeBufferPointer { ignore.ignores($0, in: scope) }
        if isIgnored { throw notFound(path) }
        return (handle, name)
    }

    private func forgetRecent() {
        recent.withLock { $0 = FolderChain(root: root, ignore: ignore) }
    }

    /// Whether the ignore file lets through the path or something below it.
    private func shows(_ path: ByteString, _ kind: FileKind) throws -> Bool {
        let scope = ignore.scope(of: path)
        guard ignore.ignores(scope) else { return true }
        guard kind == .directory else { return false }
        let folder = path + [ByteString.slash]
        guard folder.bytes.withUnsafeBufferPointer({ ignore.mayKeep(below: $0, in: scope) }) else { return false }
        var found = false
        var walk = LocalWalk(self, from: path)
        try walk.run { _ in
            found = true
            return .stop
        }
        return found
    }

    private func notFound(_ path: ByteString) -> ContextError {
        .notFound(path: path, nearest: nil, hiddenBy: nil)
    }
}
