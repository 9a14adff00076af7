import ByteStrings

/// Writes strings of bytes as the JSON form of arguments.
enum JSONFormWriter {
    /// The array with a blank behind every comma; bytes that are no UTF-8 stay as they are.
    static func text(_ strings: [ByteString]) -> [UInt8] {
        var text = [UInt8(ascii: "[")]
        for (index, string) in strings.enumerated() {
            if index > 0 { text += ", ".utf8 }
            text.append(UInt8(ascii: "\""))
            for byte in string { append(byte, to: &text) }
            text.append(UInt8(ascii: "\""))
        }
        return text + [UInt8(ascii: "]")]
    }

    private static func append(_ byte: UInt8, to text: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): text += "\\n".utf8
        case UInt8(ascii: "\r"): text += "\\r".utf8
        case UInt8(ascii: "\t"): text += "\\t".utf8
        case 0..<0x20: text += Array(("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8)
        default: text.append(byte)
        }
    }
}
