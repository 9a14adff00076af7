import CLinuxSystem
import Glibc
import SystemPackage

extension OwnedDescriptor {
    /// Reads at the file's offset; fewer bytes than asked for say nothing, 0 is the end.
    package borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        let file = rawValue
        return try systemCall("read") { Glibc.read(file, buffer.baseAddress, buffer.count) }
    }

    /// Reads at `offset` bytes from the start, leaving the file's own offset alone; 0 is the end.
    package borrowing func read(
        into buffer: UnsafeMutableRawBufferPointer,
        at offset: UInt64
    ) throws(SystemError) -> Int {
        let file = rawValue
        let position = try Self.position(offset)
        return try systemCall("read") { pread(file, buffer.baseAddress, buffer.count, position) }
    }

    /// Reads from the file's offset to its end.
    ///
    /// Throws `EFBIG` when there are more than `limit` bytes.
    package borrowing func readAll(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = try read(into: chunk)
            if count == 0 { return bytes }
            if count > limit - bytes.count { throw SystemError(operation: "read", errno: .fileTooLarge) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes every byte at the file's offset, waiting where the descriptor is non-blocking and full.
    package borrowing func write(all bytes: UnsafeRawBufferPointer) throws(SystemError) {
        let file = rawValue
        var rest = bytes[...]
        while !rest.isEmpty {
            let chunk = UnsafeRawBufferPointer(rebasing: rest)
            do {
                let count = try systemCall("write") { Glibc.write(file, chunk.baseAddress, chunk.count) }
                rest = rest.dropFirst(count)
            } catch let error where error.errno == .resourceTemporarilyUnavailable {
                try Poller.waitUntilWritable(file)
            }
        }
    }

    /// Writes every byte at the file's offset.
    package borrowing func write(_ bytes: [UInt8]) throws(SystemError) {
        var failure: SystemError?
        bytes.withUnsafeBytes { buffer in
            do throws(SystemError) { try write(all: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Writes every byte at `offset` from the start, leaving the file's own offset alone.
    package borrowing func write(all bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        let file = rawValue
        var rest = bytes[...]
        while !rest.isEmpty {
            let chunk = UnsafeRawBufferPointer(rebasing: rest)
            let position = try Self.position(offset &+ UInt64(bytes.count - rest.count))
            let count = try systemCall("write") { pwrite(file, chunk.baseAddress, chunk.count, position) }
            rest = rest.dropFirst(count)
        }
    }

    /// Moves the file's offset to so many bytes from the start.
    package borrowing func seek(to offset: UInt64) throws(SystemError) {
        let file = rawValue
        let position = try Self.position(offset)
        try systemCall("seek") { lseek(file, position, SEEK_SET) }
    }

    /// The number of bytes in the file.
    package borrowing func size() throws(SystemError) -> UInt64 {
        try status().size
    }

    /// Cuts the file off, or lengthens it by a hole.
    package borrowing func truncate(to size: UInt64) throws(SystemError) {
        let file = rawValue
        let length = try Self.position(size)
        try systemCall("truncate") { ftruncate(file, length) }
    }

    /// The first offset from `offset` on that holds data, or nil when only a hole follows.
    ///
    /// Moves the file's offset.
    package borrowing func nextData(from offset: UInt64) throws(SystemError) -> UInt64? {
        let file = rawValue
        let position = try Self.position(offset)
        do {
            return UInt64(try systemCall("look for data") { lseek(file, position, slipway_seek_data) })
        } catch let error where error.errno == .noSuchAddressOrDevice {
            return nil
        }
    }

    /// The first offset from `offset` on that is in a hole; the end of the file is one.
    ///
    /// Moves the file's offset. Throws `ENXIO` when `offset` is at the end or behind.
    package borrowing func nextHole(from offset: UInt64) throws(SystemError) -> UInt64 {
        let file = rawValue
        let position = try Self.position(offset)
        return UInt64(try systemCall("look for a hole") { lseek(file, position, slipway_seek_hole) })
    }

    /// Waits until bytes and status of the file are on stable storage; for a directory, its names.
    package borrowing func synchronize() throws(SystemError) {
        let file = rawValue
        try systemCall("flush") { fsync(file) }
    }

    /// Waits until everything written to the file system of this file is on stable storage.
    package borrowing func synchronizeFilesystem() throws(SystemError) {
        let file = rawValue
        try systemCall("flush the file system") { slipway_syncfs(file) }
    }

    /// Copies up to `count` bytes from the offset of `source` to the offset of this file inside the kernel.
    ///
    /// The result is the number copied, 0 at the end. Throws `EXDEV`, `EINVAL` or `EOPNOTSUPP` for pairs of files that
    /// the kernel cannot join; read and write then. System call: `copy_file_range(2)`.
    package borrowing func copyRange(from source: borrowing OwnedDescriptor, count: Int) throws(SystemError) -> Int {
        let (input, output) = (source.rawValue, rawValue)
        return try systemCall("copy") { slipway_copy_range(input, output, count) }
    }

    /// Makes this empty file share the blocks of `source`.
    ///
    /// Throws `EOPNOTSUPP`, `EXDEV` or `EINVAL` where the file system cannot. System call: `ioctl(FICLONE)`.
    package borrowing func cloneContent(of source: borrowing OwnedDescriptor) throws(SystemError) {
        let (input, output) = (source.rawValue, rawValue)
        try systemCall("clone") { slipway_clone_file(input, output) }
    }

    /// Whether reads and writes that would wait fail with `EAGAIN` instead.
    package borrowing func setNonBlocking(_ nonBlocking: Bool) throws(SystemError) {
        let file = rawValue
        try systemCall("set the mode of a descriptor") { slipway_set_nonblocking(file, nonBlocking ? 1 : 0) }
    }

    private static func position(_ offset: UInt64) throws(SystemError) -> off_t {
        guard let position = off_t(exactly: offset) else {
            throw SystemError(operation: "seek", errno: .invalidArgument)
        }
        return position
    }
}
