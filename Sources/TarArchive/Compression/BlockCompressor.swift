import CDeflate
import Synchronization

/// Compresses one block of content into gzip members that follow each other.
///
/// Runs of pieces of one kind make a member each: noise is stored, which is a hundred times faster than to find out that
/// it does not shrink, and zeros are compressed once and for all. Most blocks are one run.
///
/// Source: RFC 1952, section 2.2: members follow each other, and their contents are one file.
enum BlockCompressor {
    /// How many bytes of content a block has, except the last one.
    static let contentSize = 1 << 20

    /// The fastest level: it packs a root file system within a tenth of the size that level 6 reaches.
    private static let level: CInt = 1

    /// The members of so many bytes of zeros.
    private static let zeroMembers = Mutex<[Int: [UInt8]]>([:])

    static func compress(_ content: [UInt8]) throws(CompressionError) -> [UInt8] {
        guard let compressor = libdeflate_alloc_compressor(level) else { throw .outOfMemory }
        defer { libdeflate_free_compressor(compressor) }
        let pieces = content.count / ContentPiece.size + 1
        let bound = pieces * libdeflate_gzip_compress_bound(compressor, ContentPiece.size)
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = content.withUnsafeBytes { write($0, into: UnsafeMutableRawBufferPointer(buffer), compressor) }
        }
        if output.isEmpty { throw .failed("a block does not fit its bound") }
        return output
    }

    /// The number of bytes written; zero is a failure.
    private static func write(
        _ content: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer,
        _ compressor: OpaquePointer
    ) -> Int {
        var (start, written) = (0, 0)
        repeat {
            let (kind, end) = run(content, from: start)
            let bytes = UnsafeRawBufferPointer(rebasing: content[start..<end])
            let rest = UnsafeMutableRawBufferPointer(rebasing: output[written...])
            let count =
                switch kind {
                case .ordinary: deflate(bytes, into: rest, compressor)
                case .noise: StoredMember.write(bytes, into: rest)
                case .zeros: copyZeros(bytes, into: rest, compressor)
                }
            if count == 0 { return 0 }
            written += count
            start = end
        } while start < content.count
        return written
    }

    /// The kind of the piece at `start`, and where the first piece of another kind begins.
    private static func run(_ content: UnsafeRawBufferPointer, from start: Int) -> (kind: ContentPiece, end: Int) {
        func piece(_ start: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: content[start...].prefix(ContentPiece.size))
        }
        let kind = ContentPiece(piece(start))
        var end = min(start + ContentPiece.size, content.count)
        while end < content.count, ContentPiece(piece(end)) == kind {
            end = min(end + ContentPiece.size, content.count)
        }
        return (kind, end)
    }

    private static func deflate(
        _ bytes: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer,
        _ compressor: OpaquePointer
    ) -> Int {
        libdeflate_gzip_compress(compressor, bytes.baseAddress, bytes.count, output.baseAddress, output.count)
    }

    private static func copyZeros(
        _ bytes: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer,
        _ compressor: OpaquePointer
    ) -> Int {
        if let known = zeroMembers.withLock({ $0[bytes.count] }) {
            output.copyBytes(from: known)
            return known.count
        }
        let count = deflate(bytes, into: output, compressor)
        let member = Array(output[..<count])
        zeroMembers.withLock { $0[bytes.count] = member }
        return count
    }
}
