import BuildContexts
import ByteStrings
import LinuxSystem
import OCIModel

/// Puts the bytes of files into a layer through one buffer.
final class ContentCopier {
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)

    /// Hashes what is copied, while that is asked for.
    private var digester: Digester?

    deinit {
        buffer.deallocate()
    }

    /// Writes all of a file that others may write to, and makes sure that nobody did since it was opened.
    ///
    /// With `hash`, its bytes must have that hash too.
    ///
    /// - Throws: `LayerError.changedDuringBuild`; `SystemError`; what writing throws.
    func copy(
        live file: borrowing OpenedFile,
        expecting hash: ContentHash?,
        path: @autoclosure () -> ByteString,
        to layer: LayerWriter
    ) throws {
        if hash != nil { digester = Digester(.sha256) }
        defer { digester = nil }
        let status = file.status
        let hasHoles = status.allocatedSize < status.size
        try copyContent(file.descriptor, size: status.size, hasHoles: hasHoles, path: path(), to: layer)
        let after = try file.descriptor.status()
        let isSame = after.size == status.size && after.modified == status.modified && after.changed == status.changed
        guard isSame, hash == nil || digester.map({ ContentHash($0.finalize()) }) == hash else {
            throw LayerError.changedDuringBuild(path())
        }
    }

    /// Writes the first `size` bytes of a file from its offset on; holes are not read.
    ///
    /// - Throws: `LayerError.changedDuringBuild` when there are fewer bytes, or more; `SystemError`; what writing throws.
    func copy(
        _ file: borrowing OwnedDescriptor,
        size: UInt64,
        hasHoles: Bool = false,
        path: @autoclosure () -> ByteString,
        to layer: LayerWriter
    ) throws {
        try copyContent(file, size: size, hasHoles: hasHoles, path: path(), to: layer)
        guard try file.size() == size else { throw LayerError.changedDuringBuild(path()) }
    }

    /// Writes `size` bytes of a file from `offset` on.
    func copy(
        _ file: borrowing OwnedDescriptor,
        from offset: UInt64,
        size: UInt64,
        path: @autoclosure () -> ByteString,
        to layer: LayerWriter
    ) throws {
        var (rest, position) = (size, offset)
        while rest > 0 {
            let count = try file.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(clamping: rest))),
                at: position
            )
            if count == 0 { throw LayerError.changedDuringBuild(path()) }
            try write(buffer[..<count], to: layer)
            rest -= UInt64(count)
            position += UInt64(count)
        }
    }

    /// Writes the first `size` bytes of a file that nobody writes to; holes are not read.
    func copyContent(
        _ file: borrowing OwnedDescriptor,
        size: UInt64,
        hasHoles: Bool,
        path: @autoclosure () -> ByteString,
        to layer: LayerWriter
    ) throws {
        if hasHoles { return try copyAroundHoles(file, size: size, path: path(), to: layer) }
        var rest = size
        while rest > 0 {
            let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(clamping: rest))))
            if count == 0 { throw LayerError.changedDuringBuild(path()) }
            try write(buffer[..<count], to: layer)
            rest -= UInt64(count)
        }
    }

    private func copyAroundHoles(
        _ file: borrowing OwnedDescriptor,
        size: UInt64,
        path: @autoclosure () -> ByteString,
        to layer: LayerWriter
    ) throws {
        var position: UInt64 = 0
        while position < size {
            let start = min(try file.nextData(from: position) ?? size, size)
            try writeZeros(start - position, to: layer)
            if start == size { return }
            let end = min(try file.nextHole(from: start), size)
            try copy(file, from: start, size: end - start, path: path(), to: layer)
            position = end
        }
    }

    private func writeZeros(_ count: UInt64, to layer: LayerWriter) throws {
        if count == 0 { return }
        let chunk = buffer.prefix(Int(clamping: count))
        chunk.initializeMemory(as: UInt8.self, repeating: 0)
        var rest = count
        while rest > 0 {
            let length = min(chunk.count, Int(clamping: rest))
            try write(chunk.prefix(length), to: layer)
            rest -= UInt64(length)
        }
    }

    private func write(_ bytes: Slice<UnsafeMutableRawBufferPointer>, to layer: LayerWriter) throws {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes)
        digester?.update(bytes)
        try layer.write(content: bytes)
    }
}
