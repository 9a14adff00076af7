import ByteStrings
import ContentStorage
import LinuxSystem
import Synchronization

/// The folder of one command's own files: mount points, generated files, secrets and copies.
///
/// It is gone with its owner at the latest, also when the command was never started.
final class CommandFolder: Sendable {
    let path: ByteString
    private let session: Session
    private let isRemoved = Atomic<Bool>(false)

    init(_ session: Session) throws {
        self.session = session
        path = session.path.appendingPath(session.makeName("command"))
        _ = try OwnedDescriptor.makeDirectories(path, permissions: 0o700)
    }

    deinit {
        remove()
    }

    /// A path that nobody else uses; nothing is made.
    func makePath(_ stem: ByteString) -> ByteString {
        path.appendingPath(session.makeName(stem))
    }

    /// Writes a new file, which nobody else could read before it had its owner and mode.
    ///
    /// - Returns: Its path.
    func write(
        _ bytes: [UInt8],
        _ stem: ByteString,
        permissions: UInt16,
        owner: UInt32 = 0,
        group: UInt32 = 0
    ) throws -> ByteString {
        let path = makePath(stem)
        let file = try OwnedDescriptor.openFile(path, [.writeOnly, .create, .exclusive], permissions: 0o600)
        try file.write(bytes)
        try file.setOwner(owner, group)
        try file.setPermissions(permissions)
        return path
    }

    /// Removes everything; further calls do nothing.
    ///
    /// What cannot be removed now goes with the session's folder.
    func remove() {
        guard !isRemoved.exchange(true, ordering: .acquiringAndReleasing) else { return }
        guard let parent = try? OwnedDescriptor.openDirectory(session.path) else { return }
        try? parent.removeTree(path.lastPathComponent)
    }
}
