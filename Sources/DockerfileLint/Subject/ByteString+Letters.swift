import ByteStrings

extension ByteString {
    /// The string with `A` to `Z` made small, every other byte as it is.
    var lowercasedASCII: ByteString {
        ByteString(bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 })
    }

    /// The string with `a` to `z` made capital, every other byte as it is.
    var uppercasedASCII: ByteString {
        ByteString(bytes.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 & ~0x20 : $0 })
    }

    /// The number the string writes in decimal digits alone, or nil.
    var decimalNumber: Int? {
        guard !bytes.isEmpty, bytes.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else { return nil }
        return Int(description)
    }

    /// The string without quotes around it.
    var withoutQuotes: ByteString {
        guard bytes.count > 1, let first = bytes.first, first == bytes.last,
            first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
        else { return self }
        return ByteString(bytes.dropFirst().dropLast())
    }

    /// Whether `part` stands somewhere in the string.
    func contains(_ part: ByteString) -> Bool {
        guard !part.isEmpty else { return true }
        guard count >= part.count else { return false }
        return (0...(count - part.count)).contains { bytes[$0...].starts(with: part.bytes) }
    }
}
