package import ByteStrings
package import LinuxSystem
import FileModel
import SystemPackage

/// What a sweep did.
package struct SweepReport: Hashable, Sendable {
    /// Sessions that had ended without cleaning up.
    package var sessions: Int

    /// Trees of theirs that nothing recorded.
    package var trees: Int

    /// What could not be removed and is left for the next sweep.
    package var failures: [SystemError]

    package init(sessions: Int = 0, trees: Int = 0, failures: [SystemError] = []) {
        self.sessions = sessions
        self.trees = trees
        self.failures = failures
    }
}

extension StateDirectory {
    /// Removes what ended sessions left: their temporary folders and those of their trees that are not recorded.
    ///
    /// With nothing to do this costs reading one small directory. A removal that fails is reported, not thrown, for
    /// rubbish must not keep anybody from working.
    ///
    /// - Throws: What `isRecorded` throws, or when `tmp` or `trees` cannot be read.
    @discardableResult
    package func sweep(isRecorded: (_ treeID: ByteString) throws -> Bool) throws -> SweepReport {
        var report = SweepReport()
        var treeNames: [ByteString]?
        for entry in try sessions.entries() {
            do {
                try sweep(entry, &treeNames, &report, isRecorded)
            } catch let error as SystemError {
                // Somebody else may have swept it meanwhile.
                if error.errno != .noSuchFileOrDirectory { report.failures.append(error) }
            }
        }
        return report
    }

    private func sweep(
        _ entry: DirectoryEntry,
        _ treeNames: inout [ByteString]?,
        _ report: inout SweepReport,
        _ isRecorded: (_ treeID: ByteString) throws -> Bool
    ) throws {
        // A file here belongs to nobody: sessions keep theirs in their folders.
        guard try entry.kind ?? sessions.status(of: entry.name).kind == .directory else {
            return try sessions.removeFile(entry.name)
        }
        guard let lock = try lockForCollection(of: entry.name) else { return }
        defer { withExtendedLifetime(lock) {} }
        let names = try treeNames ?? trees.entries().map(\.name)
        treeNames = names
        for name in names where name.hasPrefix(entry.name + "-") {
            if try isRecorded(name) { continue }
            try trees.removeTree(name)
            report.trees += 1
        }
        try removeSession(entry.name)
        report.sessions += 1
    }

    /// The lock of a session that has ended; nil while it lives.
    private func lockForCollection(of session: ByteString) throws -> StoreLock? {
        let path = temporaryPath.appendingPath(session).appendingPath(Session.lockName)
        guard let lock = try FileLock.tryExclusive(path) else { return nil }
        return StoreLock(lock: lock)
    }

    /// Removes a session's folder, the lock last, so that nobody else sweeps the same folder at the same time.
    func removeSession(_ name: ByteString) throws {
        let folder = try sessions.openChild(name, .directory)
        for child in try folder.entries() where child.name != Session.lockName {
            try folder.removeTree(child.name)
        }
        try sessions.removeTree(name)
    }
}
