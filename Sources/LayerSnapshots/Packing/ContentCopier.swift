import ByteStrings
import LinuxSystem

/// Puts the bytes of files into a layer through one buffer.
final class ContentCopier {
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)

    deinit {
        buffer.deallocate()
    }

    /// Writes the first `size` bytes of a file from its offset on; holes are not read.
    ///
    /// - Throws: `LayerError.changedDuringBuild` when there are fewer bytes, or more; `SystemError`; what writing throws.
    func copy(
        _ file: borrowing OwnedDescriptor,
        size: UInt64,
        hasHoles: Bool = false,
        path: ByteString,
        to layer: LayerWriter
    ) throws {
        var rest = size
        if hasHoles {
            try copyAroundHoles(file, size: size, path: path, to: layer)
            rest = 0
        }
        while rest > 0 {
            let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(clamping: rest))))
            if count == 0 { throw LayerError.changedDuringBuild(path) }
            try layer.write(content: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            rest -= UInt64(count)
        }
        guard try file.size() == size else { throw LayerError.changedDuringBuild(path) }
    }

    /// Writes `size` bytes of a file from `offset` on.
    func copy(
        _ file: borrowing OwnedDescriptor,
        from offset: UInt64,
        size: UInt64,
        path: ByteString,
        to layer: LayerWriter
    ) throws {
        var (rest, position) = (size, offset)
        while rest > 0 {
            let count = try file.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(clamping: rest))),
                at: position
            )
            if count == 0 { throw LayerError.changedDuringBuild(path) }
            try layer.write(content: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            rest -= UInt64(count)
            position += UInt64(count)
        }
    }

    private func copyAroundHoles(
        _ file: borrowing OwnedDescriptor,
        size: UInt64,
        path: ByteString,
        to layer: LayerWriter
    ) throws {
        var position: UInt64 = 0
        while position < size {
            let start = min(try file.nextData(from: position) ?? size, size)
            try writeZeros(start - position, to: layer)
            if start == size { return }
            let end = min(try file.nextHole(from: start), size)
            try copy(file, from: start, size: end - start, path: path, to: layer)
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
            try layer.write(content: UnsafeRawBufferPointer(rebasing: chunk.prefix(length)))
            rest -= UInt64(length)
        }
    }
}
