import ByteStrings
import FileModel
import LinuxSystem

/// Finds `slipway-init` and puts it where nobody can change it.
enum InitProgram {
    /// The section of our own file that holds the program.
    private static let section = ".slipway_init"

    private static let fileName: ByteString = "slipway-init"

    /// Larger than any build of it: 16 MiB.
    private static let sizeLimit: UInt64 = 16 << 20

    /// The program in a sealed memory file, so that no container can write to the one on disk.
    static func load() throws(ExecutorError) -> OwnedDescriptor {
        do throws(SystemError) {
            if let bytes = try embedded() { return try sealed(bytes) }
            if let bytes = try beside() { return try sealed(bytes) }
        } catch {
            throw .system(error)
        }
        throw .initNotFound
    }

    private static func sealed(_ bytes: [UInt8]) throws(SystemError) -> OwnedDescriptor {
        try MemoryFile.sealed(name: fileName, bytes: bytes, executable: true)
    }

    private static func embedded() throws(SystemError) -> [UInt8]? {
        let program = try OwnedDescriptor.openFile("/proc/self/exe", .readOnly)
        let found = try ELFImage.section(named: section) { (offset, count) throws(SystemError) in
            try bytes(of: program, at: offset, count: count)
        }
        guard let found, found.size > 0, found.size <= sizeLimit else { return nil }
        return try bytes(of: program, at: found.offset, count: Int(found.size))
    }

    /// The program in the folder of our own file or the one above.
    private static func beside() throws(SystemError) -> [UInt8]? {
        let own = try OwnedDescriptor.openDirectory("/proc/self").readLink("exe")
        let components = own.pathComponents
        for depth in 1...2 where components.count > depth {
            let path = ("/" as ByteString).appendingPath((components.dropLast(depth) + [fileName]).joinedAsPath)
            guard try FileStatus.at(hostPath: path, followingLinks: true)?.kind == .regular else { continue }
            return try OwnedDescriptor.openFile(path, .readOnly).readAll(limit: Int(sizeLimit))
        }
        return nil
    }

    private static func bytes(
        of file: borrowing OwnedDescriptor,
        at offset: UInt64,
        count: Int
    ) throws(SystemError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { buffer.deallocate() }
        var filled = 0
        while filled < count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let (position, overflows) = offset.addingReportingOverflow(UInt64(filled))
            let added = overflows ? 0 : try file.read(into: rest, at: position)
            if added == 0 { break }
            filled += added
        }
        return Array(buffer[..<filled])
    }
}
