package import ByteStrings
import FileModel
import LinuxSystem
import SystemPackage

/// What a folder of the host takes on the disk.
package enum DiskUsage {
    private struct File: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    /// In bytes, that of a file with several names once.
    ///
    /// Less than there is when something vanishes meanwhile.
    ///
    /// - Throws: `SystemError`.
    package static func ofTree(_ hostPath: ByteString) throws -> UInt64 {
        var sum: UInt64 = 0
        var linked: Set<File> = []
        do {
            try DirectoryWalk(hostPath: hostPath).run(visit: { _, entry, directory in
                guard let status = try directory.descriptor.statusIfPresent(of: entry.name) else { return false }
                let file = File(device: status.device, inode: status.inode)
                let isKnown = status.kind != .directory && status.linkCount > 1 && !linked.insert(file).inserted
                if !isKnown { sum &+= status.allocatedSize }
                return status.kind == .directory
            })
        } catch let error as SystemError where error.errno == .noSuchFileOrDirectory {
            return sum
        }
        return sum
    }
}
