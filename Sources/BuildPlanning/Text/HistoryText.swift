import ByteStrings

/// How values are written into the history of an image, where other tools compare them as text.
enum HistoryText {
    /// A list in brackets, items quoted: `["a" "b c"]`.
    static func quotedList(_ items: [ByteString]) -> String {
        "[" + items.map(quoted).joined(separator: " ") + "]"
    }

    /// A list in brackets, items as they are: `[a b c]`.
    static func plainList(_ items: [ByteString]) -> String {
        "[" + items.map(\.description).joined(separator: " ") + "]"
    }

    /// The string in double quotes with everything escaped that does not print.
    static func quoted(_ text: ByteString) -> String {
        var result = "\""
        var decoder = UTF8()
        var remaining = text.bytes[...].makeIterator()
        var position = 0
        decoding: while true {
            switch decoder.decode(&remaining) {
            case .scalarValue(let scalar):
                result += escaped(scalar)
                position += String(scalar).utf8.count
            case .emptyInput:
                break decoding
            case .error:
                // The decoder swallows one malformed sequence of unknown length, so start over behind one byte of it.
                result += "\\x" + hexadecimal(UInt32(text.bytes[position]), digits: 2)
                position += 1
                decoder = UTF8()
                remaining = text.bytes[position...].makeIterator()
            }
        }
        return result + "\""
    }

    /// A duration in the largest units that fit: `1h2m3.5s`, `500ms`, `0s`.
    static func duration(nanoseconds: Int64) -> String {
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = nanoseconds.magnitude
        guard magnitude > 0 else { return "0s" }
        if magnitude < 1_000 { return "\(sign)\(magnitude)ns" }
        if magnitude < 1_000_000 { return sign + decimal(magnitude, unit: 1_000) + "µs" }
        if magnitude < 1_000_000_000 { return sign + decimal(magnitude, unit: 1_000_000) + "ms" }
        let minutes = magnitude / 60_000_000_000
        let seconds = decimal(magnitude % 60_000_000_000, unit: 1_000_000_000) + "s"
        if minutes == 0 { return sign + seconds }
        return sign + (minutes >= 60 ? "\(minutes / 60)h" : "") + "\(minutes % 60)m" + seconds
    }

    /// `value / unit` with the fraction it needs; `unit` is a power of ten.
    private static func decimal(_ value: UInt64, unit: UInt64) -> String {
        var fraction = String(value % unit)
        fraction = String(repeating: "0", count: String(unit).count - 1 - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        return "\(value / unit)" + (fraction.isEmpty ? "" : "." + fraction)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\u{07}": return "\\a"
        case "\u{08}": return "\\b"
        case "\u{0C}": return "\\f"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\u{0B}": return "\\v"
        default: break
        }
        if isPrintable(scalar) { return String(scalar) }
        if scalar.value < 0x80 { return "\\x" + hexadecimal(scalar.value, digits: 2) }
        if scalar.value <= 0xFFFF { return "\\u" + hexadecimal(scalar.value, digits: 4) }
        return "\\U" + hexadecimal(scalar.value, digits: 8)
    }

    /// Letters, marks, numbers, punctuation, symbols and the plain blank.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
