package import ByteStrings
package import LinuxSystem
import Synchronization

/// A file in the folder of a session, gone with its owner unless it was moved to its final place.
package final class TemporaryFile: Sendable {
    /// Open for reading and writing.
    package let descriptor: OwnedDescriptor

    private let session: Session
    private let name: ByteString
    private let isMoved = Atomic<Bool>(false)

    init(in session: Session) throws {
        self.session = session
        name = session.makeName("file")
        // Whoever opens the finished file later must not write to it.
        descriptor = try session.directory.openChild(name, [.readWrite, .create, .exclusive], permissions: 0o444)
    }

    deinit {
        if !isMoved.load(ordering: .acquiring) { try? session.directory.removeFile(name) }
    }

    /// The absolute path on the host; no longer true once the file was moved.
    package var path: ByteString { session.path.appendingPath(name) }

    /// Opens the file once more for reading, with an offset of its own.
    ///
    /// - Throws: `ENOENT` when the file was moved.
    package func openForReading() throws(SystemError) -> OwnedDescriptor {
        try session.directory.openChild(name, .readOnly)
    }

    /// Gives the file its final name, replacing what is there.
    func move(to newName: ByteString, in folder: borrowing OwnedDescriptor) throws(SystemError) {
        try session.directory.rename(name, to: newName, in: folder)
        isMoved.store(true, ordering: .releasing)
    }
}
