package import ByteStrings

/// An address of IPv4.
package struct IPv4Address: Hashable, Sendable, Comparable {
    /// The four bytes as one number, the first byte the most significant.
    package let number: UInt32

    package init(number: UInt32) {
        self.number = number
    }

    /// Reads four decimal numbers with points between them, or gives nil.
    package init?(_ text: ByteString) {
        let parts = text.bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }),
                part.count == 1 || part.first != UInt8(ascii: "0")
            else { return nil }
            let value = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - UInt8(ascii: "0")) }
            guard value <= 255 else { return nil }
            number = number << 8 | value
        }
        self.number = number
    }

    /// Reads four bytes, the most significant first, or gives nil when there are fewer or more.
    init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == 4 else { return nil }
        number = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The four bytes in the order of the network.
    package var bytes: [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    package static func < (left: IPv4Address, right: IPv4Address) -> Bool {
        left.number < right.number
    }
}

extension IPv4Address: CustomStringConvertible {
    /// Four decimal numbers with points between them.
    package var description: String {
        bytes.map(String.init).joined(separator: ".")
    }
}
