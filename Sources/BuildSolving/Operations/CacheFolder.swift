import BuildPlanning
import ByteStrings
import ContentStorage
import LinuxSystem
import OCIModel
import Synchronization
import SystemPackage

/// The folder of a cache mount, in use by one command.
final class CacheFolder: Sendable {
    /// The folder's path on the host.
    let path: ByteString
    private let lock: Mutex<HeldLock?>

    /// A lock that is given up with its last owner.
    private final class HeldLock: Sendable {
        private let lock: FileLock

        init(_ lock: consuming FileLock) {
            self.lock = lock
        }

        /// Takes the lock of a folder; nil when somebody has it and `waits` is false.
        static func take(in folder: ByteString, waits: Bool) throws -> HeldLock? {
            _ = try OwnedDescriptor.makeDirectories(folder, permissions: 0o700)
            let path = folder.appendingPath(lockName)
            if waits { return HeldLock(try FileLock.exclusive(path)) }
            guard let lock = try FileLock.tryExclusive(path) else { return nil }
            return HeldLock(lock)
        }
    }

    private static let content: ByteString = "content"
    private static let lockName: ByteString = "lock"

    /// So many commands at once can each have a copy of a private cache.
    private static let mostCopies = 10_000

    /// Finds or makes the folder; waits for its user when the cache is `locked`.
    ///
    /// The cache's id names its folder by digest, so that no id can lead elsewhere. A new folder starts with what
    /// `seed` has at the cache's source.
    init(_ cache: CacheMount, seed: BuildSolver.Origin?, _ directory: StateDirectory, _ session: Session) throws {
        let root = directory.cacheMountsPath.appendingPath(ByteString(Digest.sha256(of: cache.id.bytes).hex))
        let shared = root.appendingPath("shared")
        switch cache.sharing {
        case .shared:
            path = try Self.make(shared, cache, seed, session)
            lock = Mutex(nil)
        case .locked:
            let held = try HeldLock.take(in: shared, waits: true)
            path = try Self.make(shared, cache, seed, session)
            lock = Mutex(held)
        case .private:
            var free: (folder: ByteString, held: HeldLock)?
            for number in 0..<Self.mostCopies where free == nil {
                let folder = number == 0 ? shared : root.appendingPath(ByteString("private-\(number)"))
                free = try HeldLock.take(in: folder, waits: false).map { (folder, $0) }
            }
            guard let free else { throw SolveFailure("every copy of the cache `\(cache.id)` is in use") }
            path = try Self.make(free.folder, cache, seed, session)
            lock = Mutex(free.held)
        }
    }

    /// Lets others use the cache.
    func release() {
        lock.withLock { $0 = nil }
    }

    private static func make(
        _ folder: ByteString,
        _ cache: CacheMount,
        _ seed: BuildSolver.Origin?,
        _ session: Session
    ) throws -> ByteString {
        let parent = try OwnedDescriptor.makeDirectories(folder, permissions: 0o700)
        let path = folder.appendingPath(content)
        if try parent.statusIfPresent(of: content) != nil { return path }
        // Filled under another name first: a cache that can be seen is whole.
        let name = session.makeName("cache")
        let temporary = session.path.appendingPath(name)
        let made = try OwnedDescriptor.makeDirectories(temporary, permissions: 0o700)
        if let seed {
            // Where the mount looks for it: below the cache's root, at the same path.
            let place = temporary.appendingPath(ByteString(cache.source.bytes.drop { $0 == ByteString.slash }))
            _ = try OwnedDescriptor.makeDirectories(place, permissions: 0o755)
            try FolderCopy.fill(place, from: cache.source, in: seed)
        }
        try made.setOwner(cache.owner, cache.group)
        try made.setPermissions(cache.permissions)
        let directory = try OwnedDescriptor.openDirectory(session.path)
        do {
            try directory.rename(name, to: content, in: parent, noReplace: true)
        } catch {
            // Another command may have made it meanwhile.
            let isTaken = error.errno == .fileExists || error.errno == .directoryNotEmpty
            guard isTaken else { throw error }
            try directory.removeTree(name)
        }
        return path
    }
}
