/// Small JSON objects written in a given order, one to a line.
enum JSONText {
    enum Value {
        case string(String)
        case number(Int)
    }

    /// One object with the fields in the order given.
    static func object(_ fields: [(String, Value)]) -> String {
        let members = fields.map { name, value in
            switch value {
            case .string(let text): "\(quoted(name)):\(quoted(text))"
            case .number(let number): "\(quoted(name)):\(number)"
            }
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// A string with every control character escaped.
    ///
    /// Source: RFC 8259, section 7.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) {
                    let hex = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
