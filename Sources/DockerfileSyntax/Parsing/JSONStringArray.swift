import ByteStrings

/// Reads the JSON form of arguments: an array of strings.
///
/// Places are indices of the slice that is read.
struct JSONStringArray {
    enum Result: Hashable {
        /// The strings, each with its place, quotes included.
        case strings([Word])
        /// An array that holds something other than strings: the place of the first such thing.
        case mixed(Range<Int>)
        /// No JSON array, or text behind it.
        case none
    }

    /// Deeper nesting counts as no JSON.
    private static let deepestNesting = 256

    private let bytes: ArraySlice<UInt8>
    private var index: Int

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    /// What the text is; bytes of its strings that are no UTF-8 are kept.
    static func parse(_ text: ArraySlice<UInt8>) -> Result {
        let text = text.trimmingLeadingBlanks
        guard text.first == UInt8(ascii: "[") else { return .none }
        var parser = JSONStringArray(text)
        return parser.array()
    }

    /// The string that an object, which is the whole text, has under `key`; nil for any other text.
    static func string(_ key: ByteString, ofObject text: ArraySlice<UInt8>) -> Word? {
        let text = text.trimmingLeadingBlanks
        guard text.first == UInt8(ascii: "{") else { return nil }
        var parser = JSONStringArray(text)
        return parser.member(key)
    }

    private mutating func member(_ key: ByteString) -> Word? {
        var found: Word?
        index += 1
        skipBlanks()
        if peek() == UInt8(ascii: "}") { return nil }
        while true {
            skipBlanks()
            guard peek() == UInt8(ascii: "\""), let name = string() else { return nil }
            skipBlanks()
            guard take() == UInt8(ascii: ":") else { return nil }
            skipBlanks()
            let start = index
            if peek() == UInt8(ascii: "\"") {
                guard let value = string() else { return nil }
                if name == key { found = Word(text: value, part: start..<index) }
            } else {
                guard skipValue(depth: 1) else { return nil }
                if name == key { found = nil }
            }
            skipBlanks()
            guard let next = take() else { return nil }
            if next == UInt8(ascii: "}") { break }
            guard next == UInt8(ascii: ",") else { return nil }
        }
        skipBlanks()
        return index == bytes.endIndex ? found : nil
    }

    private mutating func array() -> Result {
        index += 1
        var strings: [Word] = []
        var wrong: Range<Int>?
        skipBlanks()
        if peek() == UInt8(ascii: "]") {
            index += 1
        } else {
            while true {
                skipBlanks()
                let start = index
                if peek() == UInt8(ascii: "\"") {
                    guard let string = string() else { return .none }
                    strings.append(Word(text: string, part: start..<index))
                } else {
                    guard skipValue(depth: 1) else { return .none }
                    wrong = wrong ?? start..<index
                }
                skipBlanks()
                guard let next = take() else { return .none }
                if next == UInt8(ascii: "]") { break }
                guard next == UInt8(ascii: ",") else { return .none }
            }
        }
        skipBlanks()
        guard index == bytes.endIndex else { return .none }
        return wrong.map { .mixed($0) } ?? .strings(strings)
    }

    private func peek() -> UInt8? {
        index < bytes.endIndex ? bytes[index] : nil
    }

    private mutating func take() -> UInt8? {
        guard index < bytes.endIndex else { return nil }
        index += 1
        return bytes[index - 1]
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
    }

    // MARK: Strings

    private mutating func string() -> ByteString? {
        index += 1
        var string: [UInt8] = []
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "\""): return ByteString(string)
            case UInt8(ascii: "\\"): guard escape(into: &string) else { return nil }
            case 0..<0x20: return nil
            default: string.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into string: inout [UInt8]) -> Bool {
        switch take() {
        case UInt8(ascii: "\""): string.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): string.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): string.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): string.append(0x08)
        case UInt8(ascii: "f"): string.append(0x0C)
        case UInt8(ascii: "n"): string.append(0x0A)
        case UInt8(ascii: "r"): string.append(0x0D)
        case UInt8(ascii: "t"): string.append(0x09)
        case UInt8(ascii: "u"):
            guard let unit = codeUnit() else { return false }
            string.append(contentsOf: Array(String(scalar(startingWith: unit)).utf8))
        default: return false
        }
        return true
    }

    private mutating func codeUnit() -> UInt32? {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = take(), let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else {
                return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Half a surrogate pair becomes a replacement character; what follows it is read by itself.
    private mutating func scalar(startingWith unit: UInt32) -> UnicodeScalar {
        if let scalar = UnicodeScalar(unit) { return scalar }
        let start = index
        if unit < 0xDC00, take() == UInt8(ascii: "\\"), take() == UInt8(ascii: "u"), let low = codeUnit(),
            (0xDC00..<0xE000).contains(low),
            let scalar = UnicodeScalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        {
            return scalar
        }
        index = start
        return "\u{FFFD}"
    }

    // MARK: Everything else

    /// Skips one value of any kind; false when there is none.
    private mutating func skipValue(depth: Int) -> Bool {
        skipBlanks()
        switch peek() {
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "["): return depth < Self.deepestNesting && skipMembers(UInt8(ascii: "]"), depth, keys: false)
        case UInt8(ascii: "{"): return depth < Self.deepestNesting && skipMembers(UInt8(ascii: "}"), depth, keys: true)
        case UInt8(ascii: "t"): return skip("true")
        case UInt8(ascii: "f"): return skip("false")
        case UInt8(ascii: "n"): return skip("null")
        default: return skipNumber()
        }
    }

    private mutating func skipMembers(_ close: UInt8, _ depth: Int, keys: Bool) -> Bool {
        index += 1
        skipBlanks()
        if peek() == close {
            index += 1
            return true
        }
        while true {
            if keys {
                skipBlanks()
                guard peek() == UInt8(ascii: "\""), string() != nil else { return false }
                skipBlanks()
                guard take() == UInt8(ascii: ":") else { return false }
            }
            guard skipValue(depth: depth + 1) else { return false }
            skipBlanks()
            guard let next = take() else { return false }
            if next == close { return true }
            guard next == UInt8(ascii: ",") else { return false }
        }
    }

    private mutating func skip(_ word: StaticString) -> Bool {
        for byte in word.description.utf8 {
            guard take() == byte else { return false }
        }
        return true
    }

    private mutating func skipNumber() -> Bool {
        if peek() == UInt8(ascii: "-") { index += 1 }
        guard let first = peek(), GoLiteral.isDigit(first) else { return false }
        index += 1
        if first != UInt8(ascii: "0") { skipDigits() }
        if peek() == UInt8(ascii: ".") {
            index += 1
            guard skipDigits() else { return false }
        }
        if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
            index += 1
            if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
            guard skipDigits() else { return false }
        }
        return true
    }

    @discardableResult
    private mutating func skipDigits() -> Bool {
        let start = index
        while let byte = peek(), GoLiteral.isDigit(byte) { index += 1 }
        return index > start
    }
}
