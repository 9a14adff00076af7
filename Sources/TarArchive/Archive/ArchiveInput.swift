import CArchive

/// Fills a buffer with the next bytes and returns their number; zero is the end.
package typealias ByteSource = (UnsafeMutableRawBufferPointer) throws -> Int

/// Feeds a source to the reader in C.
final class ArchiveInput {
    private let source: ByteSource
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)

    /// What the source threw.
    private(set) var failure: (any Error)?

    init(_ source: @escaping ByteSource) {
        self.source = source
    }

    deinit {
        buffer.deallocate()
    }

    /// The bytes of an array, piece by piece.
    static func memory(_ bytes: [UInt8]) -> ByteSource {
        var offset = 0
        return { target in
            let count = min(target.count, bytes.count - offset)
            target.copyBytes(from: bytes[offset..<(offset + count)])
            offset += count
            return count
        }
    }

    /// Reads to the end and drops the bytes.
    func drain() {
        while failure == nil, fill() > 0 {}
    }

    /// Registers the source with a reader, which must not outlive this object.
    func open(_ archive: OpaquePointer) -> CInt {
        archive_read_open(
            archive,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, context, target in
                guard let context, let target else { return -1 }
                let input = Unmanaged<ArchiveInput>.fromOpaque(context).takeUnretainedValue()
                let count = input.fill()
                target.pointee = UnsafeRawPointer(input.buffer.baseAddress)
                return count
            },
            nil
        )
    }

    private func fill() -> Int {
        if failure != nil { return -1 }
        do {
            return min(try source(buffer), buffer.count)
        } catch {
            failure = error
            return -1
        }
    }
}
