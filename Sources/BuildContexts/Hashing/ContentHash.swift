/// The sha256 of a file's content, held without a heap object.
package struct ContentHash: Hashable, Sendable {
    /// How many bytes it has.
    package static let byteCount = 32

    /// The bytes, eight to a word, in the order of memory; a vector would take twice the room in most places.
    private var first: UInt64
    private var second: UInt64
    private var third: UInt64
    private var fourth: UInt64

    /// The hash whose bytes stand in `bytes` from `offset` on; there must be 32 of them.
    package init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
        first = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        second = bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        third = bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self)
        fourth = bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self)
    }

    /// The bytes in order.
    package var bytes: [UInt8] {
        withUnsafeBytes { Array($0) }
    }

    /// Calls `body` with the 32 bytes.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: self, body)
    }
}
