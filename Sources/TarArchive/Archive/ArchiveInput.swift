import CArchive

/// Fills a buffer with the next bytes and returns their number; zero is the end.
package typealias ByteSource = (UnsafeMutableRawBufferPointer) throws -> Int

/// Feeds a source to the reader in C.
final class ArchiveInput {
    private final class Buffer {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)

        deinit {
            bytes.deallocate()
        }
    }

    private let next: () throws -> UnsafeRawBufferPointer

    /// What the source threw.
    private(set) var failure: (any Error)?

    /// Takes a source that gives bytes where they stand until it is asked again; none are the end.
    init(blocks next: @escaping () throws -> UnsafeRawBufferPointer) {
        self.next = next
    }

    convenience init(_ source: @escaping ByteSource) {
        let buffer = Buffer()
        self.init(blocks: {
            let count = min(try source(buffer.bytes), buffer.bytes.count)
            return UnsafeRawBufferPointer(rebasing: buffer.bytes[..<max(0, count)])
        })
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
        while failure == nil, !fill().isEmpty {}
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
                let bytes = input.fill()
                if input.failure != nil { return -1 }
                target.pointee = bytes.baseAddress
                return bytes.count
            },
            nil
        )
    }

    private func fill() -> UnsafeRawBufferPointer {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        if failure != nil { return nothing }
        do {
            return try next()
        } catch {
            failure = error
            return nothing
        }
    }
}
