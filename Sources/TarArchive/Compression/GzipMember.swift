import CDeflate

/// Compresses one block into a gzip member of its own.
///
/// Source: RFC 1952, section 2.2: members follow each other, and their contents are one file.
enum GzipMember {
    /// How many bytes of content a member has, except the last one.
    static let contentSize = 1 << 20

    /// The fastest level: it packs a root file system within a tenth of the size that level 6 reaches.
    private static let level: CInt = 1

    static func compress(_ content: [UInt8]) throws(CompressionError) -> [UInt8] {
        guard let compressor = libdeflate_alloc_compressor(level) else { throw .outOfMemory }
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_gzip_compress_bound(compressor, content.count)
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = content.withUnsafeBytes { input in
                libdeflate_gzip_compress(compressor, input.baseAddress, input.count, buffer.baseAddress, buffer.count)
            }
        }
        if output.isEmpty { throw .failed("a block does not fit its bound") }
        return output
    }
}
