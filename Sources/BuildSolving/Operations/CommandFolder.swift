import BuildContexts
import ByteStrings
import ContentStorage
import LinuxSystem
import Synchronization

/// The folder of one command's own folders and sockets: what is thrown away after it.
///
/// It is made when something is put into it, and gone with its owner at the latest, also when the command was never
/// started.
final class CommandFolder: Sendable {
    let path: ByteString
    private let session: Session
    private let isMade = Mutex(false)

    init(_ session: Session) {
        self.session = session
        path = session.path.appendingPath(session.makeName("command"))
    }

    deinit {
        remove()
    }

    /// The folder itself.
    func open() throws -> OwnedDescriptor {
        try isMade.withLock { isMade in
            if !isMade {
                let parent = try OwnedDescriptor.openDirectory(session.path)
                try parent.makeDirectory(path.lastPathComponent, permissions: 0o700)
                isMade = true
            }
            return try OwnedDescriptor.openDirectory(path)
        }
    }

    /// A name in the folder that nobody else uses; nothing is made.
    func makeName(_ stem: ByteString) -> ByteString {
        session.makeName(stem)
    }

    /// Makes an empty folder with the owner, permissions and time of `entry`, root's own (0755) for nil.
    ///
    /// - Returns: Its path.
    func makeFolder(_ stem: ByteString, like entry: TreeEntry? = nil) throws -> ByteString {
        let name = makeName(stem)
        let parent = try open()
        try parent.makeDirectory(name, permissions: 0o700)
        if let entry { try parent.setOwner(entry.owner, entry.group, of: name) }
        try parent.setPermissions(entry?.permissions ?? 0o755, of: name)
        if let entry { try parent.setModified(entry.modified, of: name) }
        return path.appendingPath(name)
    }

    /// Removes everything; further calls do nothing.
    ///
    /// What cannot be removed now goes with the session's folder.
    func remove() {
        let mustRemove = isMade.withLock { isMade in
            defer { isMade = false }
            return isMade
        }
        guard mustRemove, let parent = try? OwnedDescriptor.openDirectory(session.path) else { return }
        try? parent.removeTree(path.lastPathComponent)
    }
}
