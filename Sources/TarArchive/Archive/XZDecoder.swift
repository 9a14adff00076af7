import CArchive

/// Undoes xz with a limit on the memory it takes.
///
/// Content says itself how large a dictionary its reader must keep, up to 4 GiB, and libarchive believes it.
///
/// Source: The .xz File Format 1.1.0, section 5.3.1; `lzma/container.h`.
final class XZDecoder: StreamDecoder {
    /// The largest dictionary and a little more, in bytes; `xz -9` asks for 64 MiB.
    static let mostMemory: UInt64 = 129 << 20

    /// `LZMA_CONCATENATED`, which Swift does not see: files of xz that follow each other are one.
    private static let concatenated: UInt32 = 0x08

    private let stream = UnsafeMutablePointer<lzma_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    private let source: () throws -> UnsafeRawBufferPointer
    private var hasAllInput = false
    private var isAtEnd = false

    /// `source` gives the packed bytes where they stand until it is asked again; none are the end.
    init(_ source: @escaping () throws -> UnsafeRawBufferPointer) throws(ArchiveError) {
        self.source = source
        stream.initialize(to: lzma_stream())
        let code = lzma_stream_decoder(stream, Self.mostMemory, Self.concatenated)
        if code != LZMA_OK { throw Self.failure(code) }
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
        output.deallocate()
    }

    func next() throws -> UnsafeRawBufferPointer {
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = output.count
        while !isAtEnd, stream.pointee.avail_out > 0 {
            if stream.pointee.avail_in == 0, !hasAllInput {
                let packed = try source()
                hasAllInput = packed.isEmpty
                stream.pointee.next_in = packed.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = packed.count
            }
            let code = lzma_code(stream, hasAllInput ? LZMA_FINISH : LZMA_RUN)
            if code == LZMA_STREAM_END {
                isAtEnd = true
            } else if code != LZMA_OK {
                if stream.pointee.avail_out < output.count { break }
                throw Self.failure(code)
            }
        }
        return UnsafeRawBufferPointer(rebasing: output[..<(output.count - stream.pointee.avail_out)])
    }

    private static func failure(_ code: lzma_ret) -> ArchiveError {
        switch code {
        case LZMA_MEMLIMIT_ERROR: .limitExceeded(.memory, allowed: mostMemory)
        case LZMA_MEM_ERROR: .outOfMemory
        case LZMA_BUF_ERROR: .damaged("truncated xz")
        case LZMA_OPTIONS_ERROR: .damaged("unsupported xz options")
        default: .damaged("broken xz")
        }
    }
}
