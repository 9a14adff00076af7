import ByteStrings
import ContentStorage
import LinuxSystem
import Synchronization

/// The empty folder over which the containers of a build are put together, each out of sight of all others.
final class AssemblyFolder: Sendable {
    private let session: Session
    private let made = Mutex<ByteString?>(nil)

    init(_ session: Session) {
        self.session = session
    }

    /// The path of the folder, which is made when it is first asked for.
    func path() throws -> ByteString {
        try made.withLock { made in
            if let made { return made }
            let name = session.makeName("assembly")
            try OwnedDescriptor.openDirectory(session.path).makeDirectory(name, permissions: 0o700)
            let path = session.path.appendingPath(name)
            made = path
            return path
        }
    }
}
