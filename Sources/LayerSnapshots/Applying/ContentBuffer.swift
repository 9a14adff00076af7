/// Memory that contents pass through, one piece at a time.
final class ContentBuffer {
    private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)

    deinit {
        bytes.deallocate()
    }

    /// Hands everything that `read` gives to `write`, until `read` gives 0 bytes.
    func drain(
        _ read: (UnsafeMutableRawBufferPointer) throws -> Int,
        _ write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        while true {
            let count = try read(bytes)
            if count == 0 { return }
            try write(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }
}
