import BuildContexts
import ByteStrings
import ContainerSandbox
import ContentStorage
import LinuxSystem
import OCIModel

/// Folders that several commands of a build look into and none changes, each made once.
final class SharedFolders: Sendable {
    private struct CopyKey: Hashable {
        let path: ContextPath
        let digest: Digest
    }

    private let session: Session
    private let stubFolders = SharedWork<StubTree?, ByteString>()
    private let copies = SharedWork<CopyKey, FolderCopy>()

    init(_ session: Session) {
        self.session = session
    }

    /// The lowest layer of a container: an empty place for each mount.
    func folder(of stubs: StubTree) async throws -> ByteString {
        try await made(stubs)
    }

    /// A folder with nothing in it.
    func emptyFolder() async throws -> ByteString {
        try await made(nil)
    }

    private func made(_ stubs: StubTree?) async throws -> ByteString {
        try await stubFolders.value(for: stubs) { [session] in
            try await BlockingThread.run {
                let name = session.makeName(stubs == nil ? "empty" : "stubs")
                let parent = try OwnedDescriptor.openDirectory(session.path)
                try parent.makeDirectory(name, permissions: 0o755)
                try parent.setPermissions(0o755, of: name)
                if let stubs { try stubs.write(in: try parent.openChild(name, .directory)) }
                return session.path.appendingPath(name)
            }
        }
    }

    /// What a command sees of a path of a context: as it was when it was hashed.
    ///
    /// - Throws: `ContextError.changedDuringBuild` when it is not any more.
    func copy(
        of path: ContextPath,
        _ binding: ContextBinding,
        from origin: BuildSolver.Origin
    ) async throws -> FolderCopy {
        try await copies.value(for: CopyKey(path: path, digest: binding.digest)) { [session] in
            try await BlockingThread.run {
                let place = session.path.appendingPath(session.makeName("context"))
                do {
                    let copy = try FolderCopy.make(of: path.path, in: origin, below: place)
                    // Whoever writes to a file changes its time, so what is still the same now was the same all along.
                    try binding.check(origin.tree)
                    return copy
                } catch {
                    try? OwnedDescriptor.openDirectory(session.path).removeTree(place.lastPathComponent)
                    throw error
                }
            }
        }
    }
}
