package import OCIModel

extension ContentHash {
    /// The hash of bytes in memory.
    init(hashing bytes: UnsafeRawBufferPointer) {
        var digester = Digester()
        digester.update(bytes)
        self.init(digester.finalize())
    }

    /// The hash that a sha256 digest stands for; digits that are missing count as zero.
    package init(_ digest: Digest) {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        for (index, digit) in digest.hex.utf8.prefix(2 * Self.byteCount).enumerated() {
            let value = digit < UInt8(ascii: "a") ? digit & 0xF : digit &- UInt8(ascii: "a") &+ 10
            bytes[index / 2] |= index.isMultiple(of: 2) ? value << 4 : value
        }
        self = bytes.withUnsafeBytes { ContentHash($0) }
    }

    /// The hash as the digest of a blob.
    ///
    /// - Throws: Never for a hash; it is the text of the digest that is checked.
    package func digest() throws(DigestError) -> Digest {
        let digits = Array("0123456789abcdef".utf8)
        let hex = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return try Digest("sha256:" + String(decoding: hex, as: UTF8.self))
    }
}
