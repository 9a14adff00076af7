package import ByteStrings
import CLinuxSystem
import Glibc
import SystemPackage

/// Files that live in memory and have no name in any directory.
package enum MemoryFile {
    /// A file with these bytes that nobody can change any more, its offset at the start.
    ///
    /// `name` is only seen in `/proc/<pid>/fd`. An `executable` one can be run by its descriptor.
    /// Source: `memfd_create(2)`, `F_ADD_SEALS` of `fcntl(2)`.
    package static func sealed(
        name: ByteString,
        bytes: [UInt8],
        executable: Bool = false
    ) throws(SystemError) -> OwnedDescriptor {
        let file: OwnedDescriptor
        do throws(SystemError) {
            file = try unsealed(name: name, executable: executable)
        } catch {
            // A filter around us may not know the call.
            guard error.errno == .noFunction || error.errno == .notPermitted else { throw error }
            return try unnamed(bytes, executable: executable, otherwise: error)
        }
        try file.write(bytes)
        try seal(file)
        try file.seek(to: 0)
        return file
    }

    /// Where files without a name may be; the first that takes one counts.
    private static let folders: [ByteString] = ["/dev/shm", "/tmp", "/var/tmp"]

    /// The same on a file system of the host: opened anew for reading alone, so that nobody can write it who does not
    /// look into this process.
    private static func unnamed(
        _ bytes: [UInt8],
        executable: Bool,
        otherwise failure: SystemError
    ) throws(SystemError) -> OwnedDescriptor {
        for folder in folders {
            guard let written = try? OwnedDescriptor.temporaryFile(in: folder) else { continue }
            try written.write(bytes)
            try written.setPermissions(executable ? 0o500 : 0o400)
            let path = ByteString("/proc/self/fd/\(written.rawValue)")
            // Nothing can be executed on many file systems in memory.
            if executable, path.withTerminated({ faccessat(AT_FDCWD, $0, X_OK, AT_EACCESS) }) != 0 { continue }
            return try OwnedDescriptor.openFile(path, .readOnly)
        }
        throw failure
    }

    /// An empty file that can still be written.
    package static func unsealed(name: ByteString, executable: Bool = false) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(
            adopting: try systemCall("make a file in memory", path: name) {
                slipway_memfd_create($0, executable ? 1 : 0)
            }
        )
    }

    /// Makes every later change of bytes and size impossible.
    package static func seal(_ file: borrowing OwnedDescriptor) throws(SystemError) {
        let descriptor = file.rawValue
        try systemCall("seal a file in memory") { slipway_memfd_seal(descriptor) }
    }
}
