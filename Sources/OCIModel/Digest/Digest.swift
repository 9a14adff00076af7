/// The name of a blob: a hash algorithm and the hash of the blob's bytes.
///
/// A value is always well formed, so ``hex`` is safe as a file name.
/// Source: OCI image-spec, `descriptor.md`, "Digests".
package struct Digest: Hashable, Sendable {
    package let algorithm: DigestAlgorithm

    /// The hash in lower-case hexadecimal digits.
    package let hex: String

    /// Reads `algorithm:hex`.
    ///
    /// - Throws: ``DigestError`` naming the part that is wrong.
    package init(_ text: String) throws(DigestError) {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw .noAlgorithm(text) }
        let name = String(decoding: bytes[..<colon], as: UTF8.self)
        // A raw value matches by canonical equivalence, which for ASCII names is equality of bytes.
        guard let algorithm = DigestAlgorithm(rawValue: name) else { throw .unknownAlgorithm(name) }
        let hex = bytes[(colon + 1)...]
        guard hex.count == algorithm.hexCount, hex.allSatisfy(Self.isLowerCaseHexDigit) else {
            throw .badHex(String(decoding: hex, as: UTF8.self), expectedCount: algorithm.hexCount)
        }
        self.algorithm = algorithm
        self.hex = String(decoding: hex, as: UTF8.self)
    }

    /// The digest with these raw hash bytes.
    init(_ algorithm: DigestAlgorithm, hash: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        hex.reserveCapacity(algorithm.hexCount)
        for byte in hash {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        self.algorithm = algorithm
        self.hex = String(decoding: hex, as: UTF8.self)
    }

    /// The SHA-256 digest of bytes in memory.
    package static func sha256(of bytes: some Sequence<UInt8>) -> Digest {
        var digester = Digester()
        digester.update(bytes)
        return digester.finalize()
    }

    private static func isLowerCaseHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension Digest: CustomStringConvertible {
    /// The text of manifests and references: `sha256:` and the hexadecimal digits.
    package var description: String {
        algorithm.rawValue + ":" + hex
    }
}

extension Digest: Comparable {
    /// Orders by the text.
    package static func < (left: Digest, right: Digest) -> Bool {
        (left.algorithm.rawValue, left.hex) < (right.algorithm.rawValue, right.hex)
    }
}

extension Digest: Codable {
    /// Reads the text of a digest.
    ///
    /// - Throws: ``DigestError``, or what the decoder throws when there is no text.
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the text of the digest.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
