import CArchive

/// Compresses to one zstd frame with a checksum.
///
/// The bytes follow from the content alone, not from the sizes of the writes. Source: RFC 8878.
package final class ZstdEncoder: StreamEncoder {
    private static let level: CInt = 3

    private let context: OpaquePointer
    private let output: (UnsafeRawBufferPointer) throws -> Void
    private var buffer = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
    private var hasEnded = false

    /// Makes a compressor whose output comes on the thread of the caller.
    ///
    /// - Throws: ``CompressionError``.
    package init(output: @escaping (UnsafeRawBufferPointer) throws -> Void) throws(CompressionError) {
        guard let context = ZSTD_createCCtx() else { throw .outOfMemory }
        self.context = context
        self.output = output
        _ = try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level))
        _ = try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    /// Takes some more bytes.
    ///
    /// - Throws: What the output throws, or ``CompressionError``.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        if hasEnded { throw CompressionError.finished }
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while input.pos < input.size { _ = try step(&input, ZSTD_e_continue) }
    }

    /// Writes the end of the frame.
    ///
    /// - Throws: What the output throws, or ``CompressionError``.
    package func finish() throws {
        if hasEnded { throw CompressionError.finished }
        // The end comes without content, else a short content would change the parameters of the frame.
        var input = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
        while try step(&input, ZSTD_e_end) > 0 {}
        hasEnded = true
    }

    private func step(_ input: inout ZSTD_inBuffer, _ directive: ZSTD_EndDirective) throws -> Int {
        do {
            let (remaining, written) = try buffer.withUnsafeMutableBytes { bytes in
                var target = ZSTD_outBuffer(dst: bytes.baseAddress, size: bytes.count, pos: 0)
                let remaining = try Self.check(ZSTD_compressStream2(context, &target, &input, directive))
                return (remaining, target.pos)
            }
            if written > 0 {
                try buffer.withUnsafeBytes { try output(UnsafeRawBufferPointer(rebasing: $0.prefix(written))) }
            }
            return remaining
        } catch {
            hasEnded = true
            throw error
        }
    }

    private static func check(_ code: Int) throws(CompressionError) -> Int {
        if ZSTD_isError(code) != 0 { throw .failed(String(cString: ZSTD_getErrorName(code))) }
        return code
    }
}
