package import ByteStrings
import LinuxSystem
import Synchronization
import SystemPackage

/// One run's part of the state directory: the folder `tmp/<id>`, locked for as long as the run lives.
///
/// A session whose lock is free has ended, however that happened, and what it left is removed by
/// ``StateDirectory/sweep(isRecorded:)``.
package final class Session: Sendable {
    /// Sixteen hexadecimal digits, different for each session.
    package let id: ByteString

    /// The temporary folder, as an absolute path of the host.
    package let path: ByteString

    let directory: OwnedDescriptor
    private let lock: FileLock
    private let state: StateDirectory
    private let names = Atomic<UInt64>(0)
    private let trees = Atomic<UInt64>(0)
    private let isOver = Atomic<Bool>(false)

    /// Folders for the changes of the next command, made while an earlier one runs.
    private let spare = Mutex<ChangeFolders?>(nil)

    /// The trees that outlive the session.
    private let kept = Mutex<Set<ByteString>>([])

    static let lockName: ByteString = "lock"

    static func start(in state: StateDirectory) throws -> Session {
        // A sweep may take a folder between its making and its locking; then the next one is tried.
        for _ in 0..<16 {
            do {
                if let session = try startOnce(in: state) { return session }
            } catch let error as SystemError where [.noSuchFileOrDirectory, .fileExists].contains(error.errno) {
                continue
            }
        }
        throw StorageError.noSession(root: state.root)
    }

    private static func startOnce(in state: StateDirectory) throws -> Session? {
        let id = ByteString(try RandomBytes.hex(count: 8))
        try state.sessions.makeDirectory(id, permissions: 0o700)
        let directory = try state.sessions.openChild(id, .directory)
        let lockPath = state.temporaryPath.appendingPath(id).appendingPath(lockName)
        guard let lock = try FileLock.tryExclusive(lockPath) else { return nil }
        return Session(state, id: id, directory: directory, lock: lock)
    }

    private init(
        _ state: StateDirectory,
        id: ByteString,
        directory: consuming OwnedDescriptor,
        lock: consuming FileLock
    ) {
        self.state = state
        self.id = id
        self.directory = directory
        self.lock = lock
        path = state.temporaryPath.appendingPath(id)
    }

    deinit {
        // Trees may be recorded or not; only a sweep can ask, so their session's folder must stay for it.
        if !isOver.load(ordering: .acquiring), trees.load(ordering: .acquiring) == 0 {
            try? state.sessions.removeTree(id)
        }
    }

    /// A name below `trees` that nobody else uses; nothing is made.
    ///
    /// Until the database records it, the tree is rubbish that the end of the session takes along.
    package func makeTreeID() -> ByteString {
        let number = trees.add(1, ordering: .acquiringAndReleasing).oldValue
        return id + ByteString("-\(number)")
    }

    /// Says that the database records a tree of this session, so that the end of the session need not ask.
    package func keepTree(_ id: ByteString) {
        kept.withLock { _ = $0.insert(id) }
    }

    /// Empty folders for the changes of a command; the tree has this owner and these permissions.
    package func makeChangeFolders(owner: UInt32, group: UInt32, permissions: UInt16) throws -> ChangeFolders {
        let folders = try spare.withLock { $0.take() } ?? newChangeFolders()
        try state.trees.setOwner(owner, group, of: folders.tree)
        try state.trees.setPermissions(permissions, of: folders.tree)
        return folders
    }

    /// Has folders ready for the next call of ``makeChangeFolders(owner:group:permissions:)``.
    ///
    /// When nobody wants them any more they go with the session.
    package func prepareChangeFolders() throws {
        if spare.withLock({ $0 != nil }) { return }
        let folders = try newChangeFolders()
        // Whoever was faster did the same; then these are not used.
        spare.withLock { $0 = $0 ?? folders }
    }

    /// Removes what the kernel has left in the folder beside the tree, and the folder; the tree stays.
    package func removeWork(of folders: ChangeFolders) throws {
        try directory.removeTree(folders.work)
    }

    private func newChangeFolders() throws -> ChangeFolders {
        let folders = ChangeFolders(tree: makeTreeID(), work: makeName("work"))
        try state.trees.makeDirectory(folders.tree, permissions: 0o700)
        try directory.makeDirectory(folders.work, permissions: 0o700)
        return folders
    }

    /// A name in the temporary folder that nobody else uses: `stem`, a hyphen and a number.
    package func makeName(_ stem: ByteString) -> ByteString {
        let number = names.add(1, ordering: .acquiringAndReleasing).oldValue
        return stem + ByteString("-\(number)")
    }

    /// Makes an empty file in the temporary folder, which goes away with the result unless it is moved elsewhere.
    package func makeFile() throws -> TemporaryFile {
        try TemporaryFile(in: self)
    }

    /// Removes the temporary folder and the trees of this session that the database does not record.
    ///
    /// It is not asked about those of ``keepTree(_:)``.
    ///
    /// - Throws: What `isRecorded` throws, or when removing fails; the rest is then left for a sweep.
    package func end(isRecorded: (_ treeID: ByteString) throws -> Bool) throws {
        let kept = kept.withLock(\.self)
        let unused = spare.withLock { $0.take() }?.tree
        for number in 0..<trees.load(ordering: .acquiring) {
            let tree = id + ByteString("-\(number)")
            if kept.contains(tree) { continue }
            // Asking costs more the more layers are known.
            if try tree == unused || !isRecorded(tree) { try state.trees.removeTree(tree) }
        }
        do {
            try state.removeSession(id)
        } catch let error as SystemError {
            // Once the lock's file is gone a sweep may take the folder for that of a dead session, and be faster.
            let isSwept = error.errno == .noSuchFileOrDirectory || error.errno == .directoryNotEmpty
            guard isSwept else { throw error }
        }
        isOver.store(true, ordering: .releasing)
    }

    /// Replaces a small file of the state directory in one step.
    func write(_ bytes: [UInt8], to name: ByteString, in folder: borrowing OwnedDescriptor) throws {
        let file = try makeFile()
        try file.descriptor.write(bytes)
        try file.descriptor.synchronize()
        try file.move(to: name, in: folder)
    }
}
