import BuildContexts
import BuildInterface
import BuildSolving
import ByteStrings
import FileModel
import LinuxSystem
import StateDatabase
import Synchronization

/// The folders of the host that a build may read, with what is remembered of their files' hashes.
final class ContextFolders: Sendable {
    private let engine: Engine
    private let caches = Mutex<[(key: String, cache: FileHashCache)]>([])

    init(engine: Engine) {
        self.engine = engine
    }

    /// Opens the build context; its rules are in the ignore file of its Dockerfile, or its own.
    ///
    /// - Throws: `BuildFailure` for what is no folder, `ContextError` for a bad ignore file.
    func openMain(_ path: ByteString, dockerfile: ByteString?) throws -> BuildContextSet.Folder {
        let status = try FileStatus.at(hostPath: path, followingLinks: true)
        guard let status, status.kind == .directory else { throw ContextFailure.noFolder(path, status) }
        return try open(path, status, dockerfile: dockerfile)
    }

    /// Opens a folder, whose status is known; `dockerfile` is the path of the Dockerfile that belongs to it.
    ///
    /// - Throws: `ContextError` for a bad ignore file.
    func open(
        _ path: ByteString,
        _ status: FileStatus,
        dockerfile: ByteString? = nil
    ) throws -> BuildContextSet.Folder {
        let ignore = try IgnoreFile.find(context: path, dockerfile: dockerfile)?.matcher ?? IgnoreMatcher([])
        let tree = try LocalContext(hostPath: path, ignore: ignore)
        let key = "\(status.device):\(status.inode)"
        let cache = FileHashCache(blob: try engine.database.load(key: key), now: WallClock.now)
        caches.withLock { $0.append((key, cache)) }
        return BuildContextSet.Folder(tree: tree, hashes: cache)
    }

    /// Keeps the hashes that are new.
    func save() throws {
        for (key, cache) in caches.withLock({ $0 }) {
            if let blob = cache.encoded() { try engine.database.save(key: key, blob) }
        }
    }
}
