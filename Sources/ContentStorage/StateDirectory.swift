package import ByteStrings
import FileModel
import LinuxSystem
import SystemPackage

/// The folder that holds everything which outlives a run: blobs, trees, cache mounts, logs and the database.
///
/// Many processes use it at once. Only its owner may enter it. What is in it and not recorded in the database is
/// rubbish, which the next run finds and removes.
package final class StateDirectory: Sendable {
    /// The layout this program reads and writes, as `version` states it.
    package static let version: UInt32 = 1

    /// The absolute path on the host.
    package let root: ByteString

    /// The blobs of images, in an OCI image layout.
    package let blobs: BlobStore

    let folder: OwnedDescriptor
    let layoutFolder: OwnedDescriptor
    let trees: OwnedDescriptor
    let sessions: OwnedDescriptor

    /// What may lie in a directory whose making was interrupted.
    private static let ownNames: Set<ByteString> = [
        "version", "lock", "oci", "trees", "cache-mounts", "logs", "tmp", "lost+found",
    ]

    package var databasePath: ByteString { root.appendingPath("state.db") }
    package var layoutPath: ByteString { root.appendingPath("oci") }
    package var treesPath: ByteString { root.appendingPath("trees") }
    package var cacheMountsPath: ByteString { root.appendingPath("cache-mounts") }
    package var logsPath: ByteString { root.appendingPath("logs") }
    package var temporaryPath: ByteString { root.appendingPath("tmp") }
    private var lockPath: ByteString { root.appendingPath("lock") }

    /// Opens the state directory at an absolute path of the host, and makes it when there is none.
    ///
    /// Every folder made has the permissions 0700, and the root gets them back when they have been widened.
    ///
    /// - Throws: ``StorageError/newerVersion(found:root:)`` and its like, before anything is changed; `SystemError`.
    package static func open(_ root: ByteString) throws -> StateDirectory {
        let folder = try OwnedDescriptor.makeDirectories(root, permissions: 0o700)
        let found = try readVersion(in: folder, root: root)
        if let found, found > version { throw StorageError.newerVersion(found: found, root: root) }

        let isNew = found == nil
        if isNew {
            let foreign = try folder.entries().contains { entry in
                !ownNames.contains(entry.name) && !entry.name.hasPrefix("state.db")
            }
            if foreign { throw StorageError.notAStateDirectory(root: root) }
        }
        if try folder.status().permissions & 0o077 != 0 { try folder.setPermissions(0o700) }
        let directory = try StateDirectory(root: root, folder: folder)
        if isNew { try directory.finishMaking() }
        return directory
    }

    private init(root: ByteString, folder: consuming OwnedDescriptor) throws {
        self.root = root
        layoutFolder = try folder.enterOrMake("oci")
        let algorithms = try layoutFolder.enterOrMake("blobs")
        blobs = BlobStore(directory: try algorithms.enterOrMake("sha256"))
        trees = try folder.enterOrMake("trees")
        sessions = try folder.enterOrMake("tmp")
        _ = try folder.enterOrMake("cache-mounts")
        _ = try folder.enterOrMake("logs")
        self.folder = folder
    }

    private static func readVersion(in folder: borrowing OwnedDescriptor, root: ByteString) throws -> UInt32? {
        if try folder.statusIfPresent(of: "version") == nil { return nil }
        let file = try folder.openChild("version", [.readOnly, .nonBlocking])
        let text = ByteString(try file.readAll(limit: 64))
        guard text.last == UInt8(ascii: "\n"), let number = text.dropLast().validatedDecimal, number > 0 else {
            throw StorageError.unreadableVersion(root: root)
        }
        return number
    }

    /// Writes `version` last: a directory without it is one whose making goes on.
    private func finishMaking() throws {
        let session = try makeSession()
        try session.write(OCILayoutIndex.layoutFile, to: "oci-layout", in: layoutFolder)
        if try layoutFolder.statusIfPresent(of: "index.json") == nil {
            try OCILayoutIndex(self).write([], in: session)
        }
        let algorithms = try layoutFolder.openChild("blobs", .directory)
        try algorithms.synchronize()
        try layoutFolder.synchronize()
        try session.write(Array("\(Self.version)\n".utf8), to: "version", in: folder)
        try folder.synchronize()
    }
}

extension StateDirectory {
    /// Starts a session: a temporary folder that is known to be in use for as long as the session lives.
    package func makeSession() throws -> Session {
        try Session.start(in: self)
    }

    /// Holds off collection for as long as the result lives; blocks the thread while a collection is under way.
    ///
    /// Whoever relies on blobs and trees that the database names takes it before looking them up.
    package func lockForUse() throws -> StoreLock {
        StoreLock(lock: try FileLock.shared(lockPath))
    }

    /// The right to remove what is recorded, or nil when somebody uses the store.
    package func lockForCollection() throws -> StoreLock? {
        guard let lock = try FileLock.tryExclusive(lockPath) else { return nil }
        return StoreLock(lock: lock)
    }

    /// The names of all trees, recorded or not, in ascending order.
    package func treeIDs() throws -> [ByteString] {
        try trees.entries().map(\.name)
    }

    /// Removes a tree at once for everybody else: what a kill leaves of it is rubbish of the session.
    ///
    /// A tree that is not there is well.
    package func removeTree(_ id: ByteString, in session: Session) throws {
        let name = session.makeName("removed-tree")
        do {
            try trees.rename(id, to: name, in: session.directory)
        } catch {
            switch error.errno {
            case .noSuchFileOrDirectory: return
            // A folder of a lower layer, where the state directory lies on an overlay, cannot be moved.
            case .improperLink: return try trees.removeTree(id)
            default: throw error
            }
        }
        try session.directory.removeTree(name)
    }
}

extension OwnedDescriptor {
    /// Opens a folder of this one, and makes it (0700) when there is none.
    borrowing func enterOrMake(_ name: ByteString) throws(SystemError) -> OwnedDescriptor {
        do {
            return try openChild(name, .directory)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            do {
                try makeDirectory(name, permissions: 0o700)
            } catch {
                // Another process may be making the same directory.
                guard error.errno == .fileExists else { throw error }
            }
            return try openChild(name, .directory)
        }
    }
}

extension ByteString.SubSequence {
    /// The number that these decimal digits and nothing else stand for.
    fileprivate var validatedDecimal: UInt32? {
        guard !isEmpty, allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return UInt32(String(decoding: self, as: UTF8.self))
    }
}
