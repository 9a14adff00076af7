import BuildContexts
import BuildInterface
import BuildSolving
import ByteStrings
import FileModel
import LinuxSystem
import StateDatabase
import Synchronization

/// The folders a build may read, with what is remembered of their files' hashes.
final class ContextFolders: Sendable {
    private let engine: Engine
    private let caches = Mutex<[(key: String, cache: FileHashCache)]>([])

    init(engine: Engine) {
        self.engine = engine
    }

    /// Opens the build context and every named folder.
    ///
    /// - Throws: `BuildFailure` for a folder that cannot be read, `ContextError` for a bad ignore file.
    func open(_ request: BuildRequest, dockerfilePath: ByteString?) throws -> BuildContextSet {
        var folders: [ByteString?: BuildContextSet.Folder] = [:]
        folders[nil] = try open(request.context.folder, dockerfile: dockerfilePath)
        for context in request.namedContexts {
            guard case .folder(let path) = context.location else { continue }
            folders[context.name] = try open(path, dockerfile: nil)
        }
        return BuildContextSet(folders, treeHashes: { try self.treeHashes() })
    }

    /// What is remembered of the files of layers' trees, which is read when somebody needs it.
    private func treeHashes() throws -> FileHashCache {
        try caches.withLock { caches in
            let key = "trees"
            if let known = caches.first(where: { $0.key == key }) { return known.cache }
            let cache = FileHashCache(blob: try engine.database.load(key: key), now: WallClock.now)
            caches.append((key, cache))
            return cache
        }
    }

    private func open(_ path: ByteString, dockerfile: ByteString?) throws -> BuildContextSet.Folder {
        guard let status = try FileStatus.at(hostPath: path, followingLinks: true), status.kind == .directory else {
            throw FailureText.usage(
                "there is no folder `\(path)` to build from",
                hint: "the last argument is the build context"
            )
        }
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
