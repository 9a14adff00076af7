import ByteStrings

/// Splits a line of comma-separated values; double quotes around a field protect commas in it (RFC 4180).
enum CommaSeparatedFields {
    static func split(_ text: ByteString) throws(RunMountError) -> [ByteString] {
        let quote = UInt8(ascii: "\"")
        let comma = UInt8(ascii: ",")
        let bytes = text.bytes
        guard !bytes.isEmpty else { throw .malformed("there is nothing in it") }
        var fields: [ByteString] = []
        var index = 0
        while true {
            var field: [UInt8] = []
            if index < bytes.count, bytes[index] == quote {
                index += 1
                while true {
                    guard index < bytes.count else { throw .malformed("a quoted field has no end") }
                    if bytes[index] != quote {
                        field.append(bytes[index])
                        index += 1
                    } else if index + 1 < bytes.count, bytes[index + 1] == quote {
                        field.append(quote)
                        index += 2
                    } else {
                        index += 1
                        break
                    }
                }
                guard index == bytes.count || bytes[index] == comma else {
                    throw .malformed("text behind the end of a quoted field")
                }
            } else {
                while index < bytes.count, bytes[index] != comma {
                    guard bytes[index] != quote else { throw .malformed("a bare quote in a field that is not quoted") }
                    field.append(bytes[index])
                    index += 1
                }
            }
            fields.append(ByteString(field))
            guard index < bytes.count else { return fields }
            index += 1
        }
    }
}
