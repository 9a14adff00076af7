import TarArchive

/// What the bytes of a build context are, as their beginning tells.
package enum ContextForm: Hashable, Sendable {
    /// A tar, or something compressed, which a Dockerfile never is.
    case archive

    /// Anything else: a Dockerfile.
    case text

    /// No byte at all.
    case nothing

    /// How many bytes are looked at.
    package static let probeLength = 512

    /// Source: POSIX, `pax`, "ustar Interchange Format"; an empty tar is blocks of zeros.
    package init(prefix: [UInt8]) {
        if prefix.isEmpty {
            self = .nothing
        } else if ArchiveCompression(prefix: prefix) != .none || Self.isTarBlock(prefix) {
            self = .archive
        } else {
            self = .text
        }
    }

    /// Whether the checksum is that of a header, or nothing is in the block.
    private static func isTarBlock(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= probeLength else { return false }
        let block = bytes[..<probeLength]
        if block.allSatisfy({ $0 == 0 }) { return true }
        let field = 148..<156
        let digits = block[field].drop { $0 == UInt8(ascii: " ") }.prefix {
            (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0)
        }
        guard let written = Int(String(decoding: digits, as: UTF8.self), radix: 8) else { return false }
        var sum = field.count * Int(UInt8(ascii: " "))
        var signedSum = sum
        for index in block.indices where !field.contains(index) {
            sum += Int(block[index])
            // What old programs computed.
            signedSum += Int(Int8(bitPattern: block[index]))
        }
        return written == sum || written == signedSum
    }
}
