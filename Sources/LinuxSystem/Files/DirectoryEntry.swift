package import ByteStrings
package import FileModel
import CLinuxSystem
import Glibc
import SystemPackage

/// One name in a directory.
package struct DirectoryEntry: Hashable, Sendable {
    package var name: ByteString

    /// What the directory says the name is; nil when the file system does not say it here.
    package var kind: FileKind?

    package init(name: ByteString, kind: FileKind?) {
        self.name = name
        self.kind = kind
    }
}

extension OwnedDescriptor {
    /// The names in this directory but `.` and `..`, ordered by bytes.
    ///
    /// The directory may have been opened with `.pathOnly`; its own offset does not move.
    /// System call: `getdents64(2)`.
    package borrowing func entries() throws(SystemError) -> [DirectoryEntry] {
        var entries = try reopenDirectory().entriesFromHere()
        entries.sort { $0.name < $1.name }
        return entries
    }

    /// Whether this directory holds no name but `.` and `..`.
    package borrowing func isEmptyDirectory() throws(SystemError) -> Bool {
        try reopenDirectory().entriesFromHere(atMost: 1).isEmpty
    }

    /// The names in this directory but `.` and `..` if there are no more than `limit`, else nil.
    ///
    /// For a directory that was just opened for reading: its offset moves.
    /// System call: `getdents64(2)`.
    package borrowing func names(atMost limit: Int) throws(SystemError) -> Set<ByteString>? {
        let entries = try entriesFromHere(atMost: limit + 1)
        return entries.count > limit ? nil : Set(entries.map(\.name))
    }

    /// The names from the descriptor's offset on, in the order of the file system.
    private borrowing func entriesFromHere(atMost limit: Int = .max) throws(SystemError) -> [DirectoryEntry] {
        let directory = rawValue
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)
        defer { buffer.deallocate() }
        var entries: [DirectoryEntry] = []
        while entries.count < limit {
            let count = try systemCall("list the directory") {
                slipway_getdents64(directory, buffer.baseAddress, buffer.count)
            }
            if count == 0 { break }
            DirectoryEntry.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &entries)
        }
        return entries
    }
}

extension DirectoryEntry {
    /// `struct linux_dirent64`: inode and offset of 8 bytes each, the record's length of 2, the type of 1, the name.
    private static let lengthOffset = 16
    private static let typeOffset = 18
    private static let nameOffset = 19

    fileprivate static func parse(_ records: UnsafeRawBufferPointer, into entries: inout [DirectoryEntry]) {
        var start = 0
        while start + nameOffset < records.count {
            let length = Int(records.loadUnaligned(fromByteOffset: start + lengthOffset, as: UInt16.self))
            guard length > nameOffset, start + length <= records.count else { return }

            let name = name(UnsafeRawBufferPointer(rebasing: records[(start + nameOffset)..<(start + length)]))
            if !isDots(name) {
                // The types of directory entries are the mode's type bits, shifted: DTTOIF(3).
                let kind = FileKind(mode: mode_t(records[start + typeOffset]) << 12)
                entries.append(DirectoryEntry(name: ByteString(Array(name)), kind: kind))
            }
            start += length
        }
    }

    /// The bytes before the first NUL.
    private static func name(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var count = 0
        while count < bytes.count, bytes[count] != 0 { count += 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }

    private static func isDots(_ name: UnsafeRawBufferPointer) -> Bool {
        let dot = UInt8(ascii: ".")
        return name.count == 1 && name[0] == dot || name.count == 2 && name[0] == dot && name[1] == dot
    }
}
