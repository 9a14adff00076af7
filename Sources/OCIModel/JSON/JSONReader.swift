/// Reads JSON strictly: UTF-8 without a mark, no duplicate keys, bounded depth, nothing after the value.
///
/// Source: RFC 8259.
struct JSONReader {
    private let bytes: [UInt8]
    private let depthLimit: Int
    private var offset = 0

    private init(_ bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    static func read(_ bytes: [UInt8], depthLimit: Int) throws(DocumentError) -> JSONValue {
        var reader = JSONReader(bytes, depthLimit: depthLimit)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.offset == bytes.count else { throw .malformed(offset: reader.offset) }
        return value
    }

    private mutating func value(depth: Int) throws(DocumentError) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try expect("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .boolean(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(DocumentError) -> JSONValue {
        if depth > depthLimit { throw .tooDeep(limit: depthLimit) }
        offset += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        var members: [JSONValue.Member] = []
        // Keys are compared as the decoder's dictionaries will compare them.
        var keys: Set<String> = []
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw .malformed(offset: offset) }
            let key = try string()
            guard keys.insert(key).inserted else { throw .duplicateKey(key) }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw .malformed(offset: offset) }
            members.append(JSONValue.Member(key: key, value: try value(depth: depth)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw .malformed(offset: offset) }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(DocumentError) -> JSONValue {
        if depth > depthLimit { throw .tooDeep(limit: depthLimit) }
        offset += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        var values: [JSONValue] = []
        repeat {
            values.append(try value(depth: depth))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw .malformed(offset: offset) }
        return .array(values)
    }

    private mutating func string() throws(DocumentError) -> String {
        let start = offset
        offset += 1
        var content: [UInt8] = []
        while let byte = peek {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else { throw .malformed(offset: start) }
                return text
            case UInt8(ascii: "\\"): content += String(try escape()).utf8
            case 0..<0x20: throw .malformed(offset: offset - 1)
            default: content.append(byte)
            }
        }
        throw .malformed(offset: offset)
    }

    private mutating func escape() throws(DocumentError) -> Unicode.Scalar {
        guard let letter = peek else { throw .malformed(offset: offset) }
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw .malformed(offset: offset - 1)
        }
        let unit = try hexUnit()
        var code = unit
        if (0xD800..<0xDC00).contains(unit) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw .malformed(offset: offset) }
            let low = try hexUnit()
            guard (0xDC00..<0xE000).contains(low) else { throw .malformed(offset: offset) }
            code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw .malformed(offset: offset) }
        return scalar
    }

    private mutating func hexUnit() throws(DocumentError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, ReferenceGrammar.isHexDigit(byte) else { throw .malformed(offset: offset) }
            unit = unit << 4 | UInt32(byte <= UInt8(ascii: "9") ? byte - 48 : (byte | 0x20) - 87)
            offset += 1
        }
        return unit
    }

    private mutating func number() throws(DocumentError) -> ArraySlice<UInt8> {
        let start = offset
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return bytes[start..<offset]
    }

    private mutating func digits() throws(DocumentError) {
        let start = offset
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        if offset == start { throw .malformed(offset: offset) }
    }

    private var peek: UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ word: StaticString) throws(DocumentError) {
        let start = offset
        let matches = word.withUTF8Buffer { bytes[start...].starts(with: $0) }
        guard matches else { throw .malformed(offset: start) }
        offset += word.utf8CodeUnitCount
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }
}
