import CArchive

/// Undoes gzip and holds the content against its checksums, which libarchive does not.
///
/// Members that follow each other are one content, and zeros may stand behind them, as tapes have them. Anything else
/// there is damage: whoever stopped at it would lose what follows a broken header.
///
/// Source: RFC 1952, sections 2.2 and 2.3.1; `zlib.h`.
final class GzipDecoder: StreamDecoder {
    /// The largest window, and a gzip header before it; `inflateInit2`.
    private static let windowBits: CInt = 15 + 16

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    private let source: () throws -> UnsafeRawBufferPointer
    private var hasAllInput = false
    private var isBetweenMembers = false
    private var isAtEnd = false

    /// `source` gives the packed bytes where they stand until it is asked again; none are the end.
    init(_ source: @escaping () throws -> UnsafeRawBufferPointer) throws(ArchiveError) {
        self.source = source
        stream.initialize(to: z_stream())
        let size = CInt(MemoryLayout<z_stream>.size)
        if inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, size) != Z_OK { throw .outOfMemory }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    func next() throws -> UnsafeRawBufferPointer {
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        while !isAtEnd, stream.pointee.avail_out > 0 {
            try refill()
            if isBetweenMembers, !beginMember() { continue }
            let code = inflate(stream, Z_NO_FLUSH)
            if code == Z_STREAM_END {
                isBetweenMembers = true
            } else if code != Z_OK, code != Z_BUF_ERROR || hasAllInput {
                if stream.pointee.avail_out < output.count { break }
                throw failure(code)
            }
        }
        return UnsafeRawBufferPointer(rebasing: output[..<(output.count - Int(stream.pointee.avail_out))])
    }

    /// Sees to it that there are packed bytes, as long as there are any.
    private func refill() throws {
        guard stream.pointee.avail_in == 0, !hasAllInput else { return }
        let packed = try source()
        hasAllInput = packed.isEmpty
        // Blocks are as large as a buffer, so their sizes fit.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: packed.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(packed.count)
    }

    /// Skips zeros, and says whether another member comes.
    private func beginMember() -> Bool {
        while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        guard stream.pointee.avail_in > 0 else {
            isAtEnd = hasAllInput
            return false
        }
        inflateReset(stream)
        isBetweenMembers = false
        return true
    }

    private func failure(_ code: CInt) -> ArchiveError {
        switch code {
        case Z_MEM_ERROR: .outOfMemory
        case Z_BUF_ERROR: .damaged("truncated gzip")
        default: .damaged("broken gzip: " + (stream.pointee.msg.map { String(cString: $0) } ?? "no reason given"))
        }
    }
}
