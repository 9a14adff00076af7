/// What is put in the place of each match: `$0` is what matched, any other group is empty, and `$$` is a dollar sign.
///
/// No pattern has any group but the whole match. The text is read once, since there may be as many matches as the value
/// has characters.
struct ReplacementText {
    enum Part: Equatable {
        case literal([UInt8])
        case match
    }

    private(set) var parts: [Part] = []

    init(_ text: [UInt8]) {
        var literal: [UInt8] = []
        var index = 0
        while index < text.count {
            guard let (part, end) = Self.reference(in: text, at: index) else {
                literal.append(text[index])
                index += 1
                continue
            }
            index = end
            switch part {
            case .literal(let bytes): literal += bytes
            case .match:
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = []
                parts.append(.match)
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
    }

    /// The bytes of the text with a match of so many.
    func count(withMatchOf bytes: Int) -> Int {
        parts.reduce(0) { sum, part in
            switch part {
            case .literal(let literal): sum + literal.count
            case .match: sum + bytes
            }
        }
    }

    /// Appends the text with what matched.
    func fill(with match: [UInt8], into result: inout [UInt8]) {
        for part in parts {
            switch part {
            case .literal(let bytes): result += bytes
            case .match: result += match
            }
        }
    }

    /// What stands for something else at a place, and where it ends; nil for a byte that is itself.
    private static func reference(in text: [UInt8], at index: Int) -> (Part, end: Int)? {
        let dollar = UInt8(ascii: "$")
        guard text[index] == dollar, index + 1 < text.count else { return nil }
        if text[index + 1] == dollar { return (.literal([dollar]), index + 2) }
        let isBraced = text[index + 1] == UInt8(ascii: "{")
        let start = index + (isBraced ? 2 : 1)
        let name = text[start...].prefix(while: isNameByte)
        guard !name.isEmpty, !isBraced || (name.endIndex < text.count && text[name.endIndex] == UInt8(ascii: "}"))
        else { return nil }
        let isMatch = name.elementsEqual([UInt8(ascii: "0")])
        return (isMatch ? .match : .literal([]), name.endIndex + (isBraced ? 1 : 0))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (lower >= 0x61 && lower <= 0x7A) || byte == UInt8(ascii: "_") || GoLiteral.isDigit(byte)
    }
}
