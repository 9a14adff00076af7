import ByteStrings

/// A `--mount` whose variables are not replaced yet.
enum RunMountText {
    /// The value of `from`, which may hold no variable and so is known before any; nil when there is none.
    ///
    /// Only reads: whether the text is well formed is told when the variables are known.
    static func origin(of mount: ByteString) -> ByteString? {
        var origin: ByteString?
        for field in fields(of: mount) {
            guard let (key, value) = field.split(atFirst: UInt8(ascii: "=")) else { continue }
            if key.asciiLowercased == "from" { origin = value.isEmpty ? nil : value }
        }
        return origin
    }

    /// The parts between commas; double quotes protect a comma and stand for themselves when doubled.
    private static func fields(of text: ByteString) -> [ByteString] {
        let quote = UInt8(ascii: "\"")
        var fields: [ByteString] = [""]
        var isQuoted = false
        var previous: UInt8?
        for byte in text.bytes {
            if byte == quote {
                isQuoted.toggle()
                if isQuoted, previous == quote { fields[fields.count - 1].append(quote) }
            } else if byte == UInt8(ascii: ","), !isQuoted {
                fields.append("")
            } else {
                fields[fields.count - 1].append(byte)
            }
            previous = byte
        }
        return fields
    }
}
