/// What counts as blank: the white space of Unicode, read byte by byte.
enum Blank {
    /// Whether a byte is a blank by itself: space, tab, line feed, vertical tab, form feed, carriage return.
    @inline(__always)
    static func isASCII(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    /// Whether a byte separates the words of instructions that know no quotes.
    @inline(__always)
    static func separatesWords(_ byte: UInt8) -> Bool {
        isASCII(byte) && byte != UInt8(ascii: "\n")
    }

    /// The length of the blank character at `index` of `bytes`, or 0 when there is none.
    static func length(in bytes: ArraySlice<UInt8>, at index: Int) -> Int {
        let byte = bytes[index]
        if byte < 0x80 { return isASCII(byte) ? 1 : 0 }
        switch byte {
        case 0xC2:
            guard index + 1 < bytes.endIndex else { return 0 }
            return bytes[index + 1] == 0x85 || bytes[index + 1] == 0xA0 ? 2 : 0
        case 0xE1, 0xE2, 0xE3:
            guard index + 2 < bytes.endIndex else { return 0 }
            return isWide(byte, bytes[index + 1], bytes[index + 2]) ? 3 : 0
        default: return 0
        }
    }

    /// U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
    private static func isWide(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        case (0xE1, 0x9A), (0xE3, 0x80): third == 0x80
        case (0xE2, 0x80): third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF
        case (0xE2, 0x81): third == 0x9F
        default: false
        }
    }
}

extension ArraySlice<UInt8> {
    /// The slice without blanks at its front.
    var trimmingLeadingBlanks: ArraySlice<UInt8> {
        var start = startIndex
        while start < endIndex {
            let length = Blank.length(in: self, at: start)
            if length == 0 { break }
            start += length
        }
        return self[start...]
    }

    /// The slice without blanks at its end.
    var trimmingTrailingBlanks: ArraySlice<UInt8> {
        var end = endIndex
        trimming: while end > startIndex {
            for length in 1...3 where end - length >= startIndex {
                if Blank.length(in: self[..<end], at: end - length) == length {
                    end -= length
                    continue trimming
                }
            }
            break
        }
        return self[..<end]
    }

    /// The slice without blanks at either side.
    var trimmingBlanks: ArraySlice<UInt8> {
        trimmingLeadingBlanks.trimmingTrailingBlanks
    }
}
