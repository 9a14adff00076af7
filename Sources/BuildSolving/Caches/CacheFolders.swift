import ByteStrings
package import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem
import SystemPackage

/// The caches that builds left behind, to be listed and removed.
package struct CacheFolders: Sendable {
    private let directory: StateDirectory

    /// No id is longer than what a line of a Dockerfile can hold.
    private static let longestID = 1 << 20

    package init(_ directory: StateDirectory) {
        self.directory = directory
    }

    /// Every cache and every copy, the one that was used last first.
    ///
    /// Sizes are those of a moment while commands write.
    ///
    /// - Throws: `SystemError` when the folder of caches cannot be read.
    package func list() throws -> [CacheRecord] {
        let root = try OwnedDescriptor.openDirectory(directory.cacheMountsPath)
        var records: [CacheRecord] = []
        for cache in try root.entries() {
            for copy in (try? root.openChild(cache.name, .directory).entries()) ?? [] {
                // Somebody else may be removing it.
                if let record = try? record(cache.name.appendingPath(copy.name)) { records.append(record) }
            }
        }
        return records.sorted { ($1.lastUsed, $0.path) < ($0.lastUsed, $1.path) }
    }

    /// Removes caches that nobody uses and for which `keep` is false; asked with the one that was used last first.
    ///
    /// - Returns: What was removed.
    /// - Throws: What `keep` throws, or `SystemError` when a cache cannot be removed; what is left of it is rubbish of the
    ///   session.
    package func prune(in session: Session, keeping keep: (CacheRecord) throws -> Bool) throws -> [CacheRecord] {
        var removed: [CacheRecord] = []
        for record in try list() where try !keep(record) {
            if try remove(record.path, session) { removed.append(record) }
        }
        return removed
    }

    private func record(_ path: ByteString) throws -> CacheRecord {
        let place = directory.cacheMountsPath.appendingPath(path)
        let lock = try FileStatus.at(
            hostPath: place.appendingPath(CachePlace.lockName),
            followingLinks: false
        )
        let idPath = place.appendingPath(CachePlace.idName)
        let id = try? OwnedDescriptor.openFile(idPath, [.readOnly, .noFollow]).readAll(limit: Self.longestID)
        return CacheRecord(
            id: id.map { ByteString($0) },
            path: path,
            size: try DiskUsage.ofTree(place),
            lastUsed: lock?.modified ?? .epoch,
            isInUse: try lock != nil && Self.isLocked(place.appendingPath(CachePlace.lockName))
        )
    }

    private static func isLocked(_ path: ByteString) throws -> Bool {
        guard let lock = try FileLock.tryExclusive(path) else { return true }
        withExtendedLifetime(lock) {}
        return false
    }

    /// False when somebody uses the cache.
    private func remove(_ path: ByteString, _ session: Session) throws -> Bool {
        let place = directory.cacheMountsPath.appendingPath(path)
        // Somebody else may have removed it since it was listed.
        guard try FileStatus.at(hostPath: place.appendingPath(CachePlace.lockName), followingLinks: false) != nil,
            let lock = try FileLock.tryExclusive(place.appendingPath(CachePlace.lockName))
        else { return false }
        defer { withExtendedLifetime(lock) {} }
        let root = try OwnedDescriptor.openDirectory(directory.cacheMountsPath)
        let cache = path.pathComponents.first ?? ""
        let trash = try OwnedDescriptor.openDirectory(session.path)
        let name = session.makeName("removed-cache")
        let copies = try root.openChild(cache, .directory)
        do {
            // Gone for all others in one step; who waits for the lock finds it without a name, and makes another.
            try copies.rename(path.lastPathComponent, to: name, in: trash)
            try trash.removeTree(name)
        } catch {
            // A folder of a lower layer, where the state directory lies on an overlay, cannot be moved.
            guard error.errno == .improperLink else { throw error }
            try removeInPlace(path.lastPathComponent, in: copies)
        }
        // Fails while there are other copies.
        try? root.removeDirectory(cache)
        return true
    }

    /// The lock goes last: what is half removed is nobody's cache.
    private func removeInPlace(_ name: ByteString, in copies: borrowing OwnedDescriptor) throws(SystemError) {
        let folder = try copies.openChild(name, [.readOnly, .directory, .noFollow])
        for entry in try folder.entries() where entry.name != CachePlace.lockName { try folder.removeTree(entry.name) }
        try folder.removeFile(CachePlace.lockName)
        try copies.removeDirectory(name)
    }
}
