import ByteStrings

extension ByteString {
    /// The string with `A` to `Z` made small, every other byte as it is.
    var asciiLowercased: ByteString {
        ByteString(bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 })
    }

    /// The string with `a` to `z` made capital, every other byte as it is.
    var asciiUppercased: ByteString {
        ByteString(bytes.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 & ~0x20 : $0 })
    }

    /// The number the string writes in decimal digits alone, or nil.
    var decimalNumber: Int? {
        guard !bytes.isEmpty, bytes.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else { return nil }
        return Int(description)
    }

    /// What stands before and after the first `separator`, or nil when there is none.
    func split(atFirst separator: UInt8) -> (before: ByteString, after: ByteString)? {
        guard let position = bytes.firstIndex(of: separator) else { return nil }
        return (ByteString(bytes[..<position]), ByteString(bytes[(position + 1)...]))
    }
}
