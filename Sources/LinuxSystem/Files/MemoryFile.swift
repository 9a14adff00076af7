package import ByteStrings
import CLinuxSystem
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
        let file = try unsealed(name: name, executable: executable)
        try file.write(bytes)
        try seal(file)
        try file.seek(to: 0)
        return file
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
