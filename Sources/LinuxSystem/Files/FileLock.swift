package import ByteStrings
import Glibc
import SystemPackage

/// An advisory lock on a file, held until it goes away.
///
/// It belongs to an open file of its own, so two locks of one process exclude each other as those of two processes do,
/// and the kernel drops it when the holder dies. Source: `flock(2)`.
package struct FileLock: ~Copyable, Sendable {
    /// The locked file, open for reading and writing.
    package let file: OwnedDescriptor

    /// Waits for the only lock on the file, which is made (0600) when it is missing.
    ///
    /// Blocks the thread.
    package static func exclusive(_ hostPath: ByteString) throws(SystemError) -> FileLock {
        guard let lock = try acquire(hostPath, LOCK_EX) else { throw busy(hostPath) }
        return lock
    }

    /// Waits for a lock beside other shared ones on the file, which is made (0600) when it is missing.
    ///
    /// Blocks the thread.
    package static func shared(_ hostPath: ByteString) throws(SystemError) -> FileLock {
        guard let lock = try acquire(hostPath, LOCK_SH) else { throw busy(hostPath) }
        return lock
    }

    /// The only lock on the file, or nil when somebody else holds one.
    package static func tryExclusive(_ hostPath: ByteString) throws(SystemError) -> FileLock? {
        try acquire(hostPath, LOCK_EX | LOCK_NB)
    }

    /// A lock beside other shared ones, or nil when somebody else holds the only one.
    package static func tryShared(_ hostPath: ByteString) throws(SystemError) -> FileLock? {
        try acquire(hostPath, LOCK_SH | LOCK_NB)
    }

    private static func acquire(_ hostPath: ByteString, _ operation: CInt) throws(SystemError) -> FileLock? {
        while true {
            let file = try OwnedDescriptor.openFile(hostPath, [.readWrite, .create, .noFollow], permissions: 0o600)
            let descriptor = file.rawValue
            do {
                try systemCall("lock", hostPath) { flock(descriptor, operation) }
            } catch let error where error.errno == .wouldBlock {
                return nil
            }
            // The last holder may have removed the name meanwhile; a lock on a file without one protects nothing.
            let named = try FileStatus.at(hostPath: hostPath, followingLinks: false)
            let held = try file.status()
            if let named, named.inode == held.inode, named.device == held.device { return FileLock(file: file) }
        }
    }

    deinit {
        // Closing gives it up as well, but not while a process that is just being started has a copy of the descriptor.
        _ = flock(file.rawValue, LOCK_UN)
    }

    private static func busy(_ hostPath: ByteString) -> SystemError {
        SystemError(operation: "lock", errno: .wouldBlock, path: hostPath)
    }
}
