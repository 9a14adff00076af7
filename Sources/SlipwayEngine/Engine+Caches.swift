package import BuildInterface
package import ByteStrings
import BuildSolving
import ContentStorage
package import FileModel
import LinuxSystem

extension Engine {
    /// Every cache of RUN steps, the one that was used last first.
    package func caches() throws -> [StoredCache] {
        try CacheFolders(directory).list().map(StoredCache.init)
    }

    /// Removes caches that nobody uses: those of the ids, or all; `before` spares what was used since.
    ///
    /// - Returns: What was removed.
    package func removeCaches(of ids: Set<ByteString>, usedBefore before: Timestamp?) async throws -> [StoredCache] {
        try await withSession { [directory] session in
            try await BlockingThread.run {
                try CacheFolders(directory).prune(in: session) { cache in
                    if let before, cache.lastUsed >= before { return true }
                    guard !ids.isEmpty else { return false }
                    return cache.id.map { !ids.contains($0) } ?? true
                }.map(StoredCache.init)
            }
        }
    }
}

extension StoredCache {
    fileprivate init(_ record: CacheRecord) {
        self.init(id: record.id, size: record.size, lastUsed: record.lastUsed, isInUse: record.isInUse)
    }
}
