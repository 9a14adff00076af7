import BuildContexts
import ByteStrings
import LinuxSystem

/// Reads files of trees whole, through one buffer.
final class TreeFileReader {
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)

    deinit {
        buffer.deallocate()
    }

    /// Hands out exactly `size` bytes in order.
    ///
    /// - Throws: ``ExportError/changedMeanwhile(_:)`` when the file has more or fewer.
    func read(
        _ path: ByteString,
        of tree: any FileTree,
        size: UInt64,
        to body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let file = try tree.open(path)
        var rest = size
        while true {
            let count = try file.read(into: buffer)
            guard UInt64(count) <= rest else { throw ExportError.changedMeanwhile(path) }
            if count == 0 { break }
            rest -= UInt64(count)
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        guard rest == 0 else { throw ExportError.changedMeanwhile(path) }
    }
}
