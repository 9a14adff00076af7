import BuildPlanning
import ByteStrings
import ContentStorage
import LinuxSystem
import Synchronization
import SystemPackage

/// The folder of a cache mount, in use by one command.
///
/// Everybody who uses a folder holds a lock on it: a shared one, so that any number use it together, or the only one. A
/// `locked` cache is therefore waited for while others share it, and they wait for whoever has locked it. A `private`
/// one takes the first copy that nobody uses in any way. Who removes caches holds the only lock as well.
final class CacheFolder: Sendable {
    /// The folder's path on the host.
    let path: ByteString
    private let lock: Mutex<HeldLock?>

    /// A lock that is given up with its last owner.
    private final class HeldLock: Sendable {
        let lock: FileLock

        init(_ lock: consuming FileLock) {
            self.lock = lock
        }

        /// Takes the lock of a folder; nil when somebody has it.
        static func take(_ place: CachePlace, alone: Bool) throws -> HeldLock? {
            let path = place.path.appendingPath(CachePlace.lockName)
            guard let lock = try alone ? FileLock.tryExclusive(path) : FileLock.tryShared(path) else { return nil }
            return HeldLock(lock)
        }
    }

    /// So many commands at once can each have a copy of a private cache.
    private static let mostCopies = 10_000

    private init(_ path: ByteString, _ held: HeldLock) {
        self.path = path
        lock = Mutex(held)
    }

    /// Finds or makes the folder; waits for its users where it must, for as long as the task is wanted.
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

    /// The folder, or nil while others use it in another way.
    private static func tryToTake(
        _ cache: CacheMount,
        seed: BuildSolver.Origin?,
        _ directory: StateDirectory,
        _ session: Session
    ) throws -> CacheFolder? {
        guard cache.sharing == .private else {
            let place = CachePlace(cache.id, copy: 0, in: directory)
            return try tryToTake(place, cache, seed: seed, session, alone: cache.sharing == .locked)
        }
        for number in 0..<mostCopies {
            let place = CachePlace(cache.id, copy: number, in: directory)
            if let folder = try tryToTake(place, cache, seed: seed, session, alone: true) { return folder }
        }
        throw SolveFailure("every copy of the cache `\(cache.id)` is in use")
    }

    private static func tryToTake(
        _ place: CachePlace,
        _ cache: CacheMount,
        seed: BuildSolver.Origin?,
        _ session: Session,
        alone: Bool
    ) throws -> CacheFolder? {
        let held: HeldLock?
        do {
            _ = try OwnedDescriptor.makeDirectories(place.path, permissions: 0o700)
            held = try HeldLock.take(place, alone: alone)
        } catch let error as SystemError where error.errno == .noSuchFileOrDirectory {
            // Somebody is removing the cache: the next try makes it anew.
            return nil
        }
        guard let held else { return nil }
        let content = try make(place, cache, seed, session)
        // Its time says when the cache was last used.
        try held.lock.file.setModified(WallClock.now)
        return CacheFolder(content, held)
    }

    /// Lets others use the cache.
    func release() {
        lock.withLock { $0 = nil }
    }

    /// The content, made and filled when it is missing.
    private static func make(
        _ place: CachePlace,
        _ cache: CacheMount,
        _ seed: BuildSolver.Origin?,
        _ session: Session
    ) throws -> ByteString {
        let parent = try OwnedDescriptor.openDirectory(place.path)
        let path = place.path.appendingPath(CachePlace.contentName)
        if try parent.statusIfPresent(of: CachePlace.contentName) != nil { return path }
        // Filled under another name first: a cache that can be seen is whole.
        let name = session.makeName("cache")
        let directory = try OwnedDescriptor.openDirectory(session.path)
        try directory.makeDirectory(name, permissions: 0o700)
        if let seed {
            // Where the mount looks for it: below the cache's root, at the same path.
            let source = ByteString(cache.source.bytes.drop { $0 == ByteString.slash })
            let target = session.path.appendingPath(name).appendingPath(source)
            _ = try OwnedDescriptor.makeDirectories(target, permissions: 0o755)
            try FolderCopy.fill(target, from: cache.source, in: seed)
        }
        try directory.setOwner(cache.owner, cache.group, of: name)
        try directory.setPermissions(cache.permissions, of: name)
        try place.write(id: cache.id, in: parent)
        do {
            try directory.rename(name, to: CachePlace.contentName, in: parent, noReplace: true)
        } catch {
            // Another command that shares the cache may have made it meanwhile.
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
