import LinuxSystem
import TarArchive

/// The uncompressed bytes of a layer's blob.
enum LayerBytes {
    /// Hands out the bytes in order.
    static func read(
        _ file: borrowing OwnedDescriptor,
        compressed: Bool,
        to body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        let decompressor = compressed ? try Decompressor(.descriptor(file.rawValue)) : nil
        while true {
            let count = try decompressor?.read(into: buffer) ?? file.read(into: buffer)
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
