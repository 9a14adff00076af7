import ByteStrings

/// Takes the `--flag` words off the front of an instruction's arguments.
struct FlagSplitter {
    /// The flags with quotes taken off and escapes resolved; their parts are as written.
    private(set) var flags: [Word] = []
    /// Where the arguments begin: behind the flags, and behind the `--` that may end them.
    private(set) var end: Int

    init(line: [UInt8], part: Range<Int>) {
        end = part.lowerBound
        var index = part.lowerBound
        let limit = part.upperBound
        while true {
            while index < limit, Blank.isASCII(line[index]) { index += 1 }
            end = index
            guard index + 1 < limit, line[index] == UInt8(ascii: "-"), line[index + 1] == UInt8(ascii: "-") else {
                return
            }
            let start = index
            let text = Self.flag(line, &index, limit)
            end = index
            if text == "--" { return }
            flags.append(Word(text: text, part: start..<index))
        }
    }

    /// The escape character here is a backslash whatever the escape directive says.
    private static func flag(_ line: [UInt8], _ index: inout Int, _ limit: Int) -> ByteString {
        var text = ByteString()
        var quote: UInt8?
        while index < limit {
            let byte = line[index]
            if quote == nil, Blank.isASCII(byte) { break }
            index += 1
            if byte == quote {
                quote = nil
            } else if quote == nil, byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: "\\") {
                if index < limit {
                    text.append(line[index])
                    index += 1
                } else {
                    quote = nil
                }
            } else {
                text.append(byte)
            }
        }
        return text
    }
}
