package import ByteStrings
import Glibc

/// An address of version 4 or 6 of the Internet Protocol.
package struct IPAddress: Hashable, Sendable {
    /// Four or sixteen bytes, most significant first.
    package let bytes: [UInt8]

    /// An address by its bytes; nil unless there are four or sixteen.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads four decimal numbers, or hexadecimal groups without brackets and zone; nil for everything else.
    ///
    /// Source: `inet_pton(3)`.
    package init?(_ text: ByteString) {
        guard !text.bytes.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            if text.withTerminated({ inet_pton(family, $0, &bytes) }) == 1 {
                self.bytes = Array(bytes.prefix(count))
                return
            }
        }
        return nil
    }

    package var isVersion6: Bool { bytes.count == 16 }

    /// The address of version 4 that one of version 6 stands for; nil for every other address.
    ///
    /// Source: RFC 4291, 2.5.5 (mapped and compatible); RFC 6052, 2.1; RFC 3056, 2.
    package var embeddedVersion4: IPAddress? {
        guard isVersion6 else { return nil }
        let zeros = [UInt8](repeating: 0, count: 16)
        let head = bytes.prefix(12)
        if head == zeros.prefix(10) + [0xff, 0xff] || head == [0, 0x64, 0xff, 0x9b] + zeros.prefix(8) {
            return IPAddress(bytes: Array(bytes.suffix(4)))
        }
        if head == zeros.prefix(12), bytes.suffix(4) > [0, 0, 0, 1] { return IPAddress(bytes: Array(bytes.suffix(4))) }
        if bytes.starts(with: [0x20, 0x02]) { return IPAddress(bytes: Array(bytes[2..<6])) }
        return nil
    }
}

extension IPAddress: CustomStringConvertible {
    /// Such as `127.0.0.1` and `fe80::1`.
    package var description: String {
        var text = [CChar](repeating: 0, count: 64)
        guard inet_ntop(isVersion6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    fileprivate static func > (left: ArraySlice<UInt8>, right: [UInt8]) -> Bool {
        right.lexicographicallyPrecedes(left)
    }
}
