package import ByteStrings
package import FileModel
import LinuxSystem

/// Gives what a command wrote a time that does not depend on when it ran.
package enum TimeSettler {
    /// Sets the time of everything below an overlay's upper directory that is not older than `start` to `epoch`.
    ///
    /// Works on the files themselves, not on what links lead to. `start` must come from the clock that stamps files,
    /// `WallClock.fileTime`. The directory `upper` itself belongs to no layer and is left alone.
    ///
    /// - Throws: `SystemError`.
    package static func settle(upper: ByteString, notBefore start: Timestamp, to epoch: Timestamp) throws {
        try DirectoryWalk(hostPath: upper).run(
            visit: { _, entry, directory in
                guard let status = try directory.descriptor.recordedStatus(of: entry.name) else { return false }
                if status.kind == .directory { return true }
                // Deletions share one inode, and have no time in a layer.
                if status.modified >= start, !OverlayMark.isWhiteout(status) {
                    try directory.descriptor.setModified(epoch, of: entry.name)
                }
                return false
            },
            leave: { path, directory in
                // The links themselves are below, or made anew.
                try directory.descriptor.forgetRecordedLinks()
                if !path.isEmpty, try directory.descriptor.status().modified >= start {
                    try directory.descriptor.setModified(epoch)
                }
            }
        )
    }
}
