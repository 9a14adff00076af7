/// The sha256 of a file's content, held without a heap object.
package struct ContentHash: Hashable, Sendable {
    /// How many bytes it has.
    package static let byteCount = 32

    /// The bytes, eight to a word, in the order of memory.
    private var words: SIMD4<UInt64>

    /// The hash whose bytes stand in `bytes` from `offset` on; there must be 32 of them.
    package init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
        words = SIMD4()
        for index in words.indices {
            words[index] = bytes.loadUnaligned(fromByteOffset: offset + index * 8, as: UInt64.self)
        }
    }

    /// The bytes in order.
    package var bytes: [UInt8] {
        withUnsafeBytes { Array($0) }
    }

    /// Calls `body` with the 32 bytes.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: words, body)
    }
}
