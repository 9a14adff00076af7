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

        /// Takes the lock of a folder; nil when somebody has it.
        static func take(in folder: ByteString) throws -> HeldLock? {
            _ = try OwnedDescriptor.makeDirectories(folder, permissions: 0o700)
            guard let lock = try FileLock.tryExclusive(folder.appendingPath(lockName)) else { return nil }
            return HeldLock(lock)
        }
    }

    private static let content: ByteString = "content"
    private static let lockName: ByteString = "lock"

    /// So many commands at once can each have a copy of a private cache.
    private static let mostCopies = 10_000

    private init(_ path: ByteString, _ held: HeldLock?) {
        self.path = path
        lock = Mutex(held)
    }

    /// Finds or makes the folder; waits for its user when the cache is `locked`, for as long as the task is wanted.
    ///
    /// The cache's id names its folder by digest, so that no id can lead elsewhere. A new folder starts with what
    /// `seed` has at the cache's source.
    ///
    /// - Throws: `CancellationError`, and what making or filling the folder fails with.
    static func take(
        _ cache: CacheMount,
        seed: BuildSolver.Origin?,
        _ directory: StateDirectory,
        _ session: Session
    ) async throws -> CacheFolder {
        var pause = Duration.milliseconds(5)
        while true {
            try Task.checkCancellation()
            let folder = try await BlockingThread.run { try tryToTake(cache, seed: seed, directory, session) }
            if let folder { return folder }
            // A thread that waits for the lock itself could not be told to stop.
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(100))
        }
    }

    /// The folder, or nil while another command has the `locked` cache.
    private static func tryToTake(
        _ cache: CacheMount,
        seed: BuildSolver.Origin?,
        _ directory: StateDirectory,
        _ session: Session
    ) throws -> CacheFolder? {
        let root = directory.cacheMountsPath.appendingPath(ByteString(Digest.sha256(of: cache.id.bytes).hex))
        let shared = root.appendingPath("shared")
        switch cache.sharing {
        case .shared:
            return CacheFolder(try make(shared, cache, seed, session), nil)
        case .locked:
            guard let held = try HeldLock.take(in: shared) else { return nil }
            return CacheFolder(try make(shared, cache, seed, session), held)
        case .private:
            for number in 0..<mostCopies {
                let folder = number == 0 ? shared : root.appendingPath(ByteString("private-\(number)"))
                guard let held = try HeldLock.take(in: folder) else { continue }
                return CacheFolder(try make(folder, cache, seed, session), held)
            }
            throw SolveFailure("every copy of the cache `\(cache.id)` is in use")
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

extension CacheMount {
    /// The caches of a command, each once, in the order of their ids.
    ///
    /// All commands take theirs in this order, so no two wait for each other; and one that mounts a cache twice has one
    /// folder for both, by the stricter way of sharing, instead of waiting for itself.
    static func distinct(in mounts: [MountOperation]) -> [CacheMount] {
        var found: [ByteString: CacheMount] = [:]
        for mount in mounts {
            guard case .cache(let cache) = mount.kind else { continue }
            if let known = found[cache.id] {
                if cache.sharing.strictness > known.sharing.strictness { found[cache.id]?.sharing = cache.sharing }
            } else {
                found[cache.id] = cache
            }
        }
        return found.values.sorted { $0.id < $1.id }
    }
}

extension CacheMount.Sharing {
    fileprivate var strictness: Int {
        switch self {
        case .shared: 0
        case .private: 1
        case .locked: 2
        }
    }
}
