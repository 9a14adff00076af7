extension TarHeader {
    /// The size that the bytes of a header state, in octal digits or as a binary number; nil when it is neither.
    static func size(in block: [UInt8]) -> UInt64? {
        let field = block[Field.size]
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            var number = UInt64(first & 0x3F)
            // A number below zero, or above what fits.
            guard first & 0x40 == 0 else { return nil }
            for byte in field.dropFirst() {
                guard number >> 56 == 0 else { return nil }
                number = number << 8 | UInt64(byte)
            }
            return number
        }
        var number: UInt64 = 0
        for byte in field.drop(while: { $0 == UInt8(ascii: " ") }) {
            if byte == 0 || byte == UInt8(ascii: " ") { break }
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else { return nil }
            number = number << 3 | UInt64(byte & 7)
        }
        return number
    }
}
