import ByteStrings

extension WordLexer {
    /// Reads `$name` or `${name…}`; a dollar sign before anything else is itself.
    mutating func dollar(_ lookup: Lookup) throws(ExpansionError) -> [UInt8] {
        index += 1
        guard peek() == UInt8(ascii: "{") else {
            let name = name()
            if name.isEmpty { return [UInt8(ascii: "$")] }
            if let value = value(of: name, lookup) { return value.bytes }
            return options.keepsUnset ? [UInt8(ascii: "$")] + name.bytes : []
        }
        guard depth < Self.deepestNesting else { throw .tooDeep }
        depth += 1
        defer { depth -= 1 }
        return try braced(lookup)
    }

    private mutating func braced(_ lookup: Lookup) throws(ExpansionError) -> [UInt8] {
        index += 1
        switch peek() {
        case nil: throw .missingBrace
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ":"): throw .badSubstitution
        default: break
        }
        let name = name()
        guard let modifier = take() else { throw .missingBrace }
        switch modifier {
        case UInt8(ascii: "}"):
            if let value = value(of: name, lookup) { return value.bytes }
            return options.keepsUnset ? Array("${\(name)}".utf8) : []
        case UInt8(ascii: ":"):
            guard let second = take() else { throw .missingBrace }
            return try conditional(name, second, emptyIsUnset: true, lookup)
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "?"):
            return try conditional(name, modifier, emptyIsUnset: false, lookup)
        case UInt8(ascii: "#"), UInt8(ascii: "%"): return try trimmed(name, modifier, lookup)
        case UInt8(ascii: "/"): return try replaced(name, lookup)
        default:
            index -= 1
            throw .unsupportedModifier(character())
        }
    }

    /// `${name-word}`, `${name+word}`, `${name?word}`, and the same with a colon.
    private mutating func conditional(
        _ name: ByteString,
        _ modifier: UInt8,
        emptyIsUnset: Bool,
        _ lookup: Lookup
    ) throws(ExpansionError) -> [UInt8] {
        let isKnown = modifier == UInt8(ascii: "-") || modifier == UInt8(ascii: "+") || modifier == UInt8(ascii: "?")
        if !isKnown {
            if modifier == UInt8(ascii: "}") { throw .unsupportedModifier(":") }
            index -= 1
            throw .unsupportedModifier(":" + character())
        }
        let word = try part(until: UInt8(ascii: "}"), keepingEscapes: false, lookup)
        let value = lookup(name)
        if value == nil, options.keepsUnset {
            let sign = (emptyIsUnset ? ":" : "") + String(UnicodeScalar(modifier))
            return Array("${".utf8) + name.bytes + Array(sign.utf8) + word + [UInt8(ascii: "}")]
        }
        let usable = emptyIsUnset && value?.isEmpty == true ? nil : value
        switch modifier {
        case UInt8(ascii: "-"): return usable?.bytes ?? word
        case UInt8(ascii: "+"): return usable == nil ? [] : word
        default:
            if let usable { return usable.bytes }
            if options.ignoresRequired { return [] }
            let state = value == nil ? "unset" : "empty"
            throw .required(
                name: name,
                message: word.isEmpty ? ByteString("is not allowed to be \(state)") : ByteString(word)
            )
        }
    }

    /// `${name#pattern}`, `${name%pattern}`, and the same with the sign doubled.
    private mutating func trimmed(
        _ name: ByteString,
        _ sign: UInt8,
        _ lookup: Lookup
    ) throws(ExpansionError) -> [UInt8] {
        var pattern = try part(until: UInt8(ascii: "}"), keepingEscapes: true, lookup)
        let known = value(of: name, lookup)
        if known == nil, options.keepsUnset {
            return Array("${".utf8) + name.bytes + [sign] + pattern + [UInt8(ascii: "}")]
        }
        let value = known ?? ""
        let isGreedy = pattern.first == sign
        if isGreedy { pattern.removeFirst() }
        guard var glob = GlobPattern(pattern, steps: patternSteps) else { throw .invalidPattern(ByteString(pattern)) }
        defer { patternSteps = glob.steps }
        return sign == UInt8(ascii: "#")
            ? try glob.trimmingPrefix(of: value.bytes, longest: isGreedy)
            : try glob.trimmingSuffix(of: value.bytes, longest: isGreedy)
    }

    /// `${name/pattern/text}` and `${name//pattern/text}`.
    private mutating func replaced(_ name: ByteString, _ lookup: Lookup) throws(ExpansionError) -> [UInt8] {
        let isEvery = peek() == UInt8(ascii: "/")
        if isEvery { index += 1 }
        let pattern = try part(until: UInt8(ascii: "/"), keepingEscapes: true, lookup)
        let replacement = try part(until: UInt8(ascii: "}"), keepingEscapes: true, lookup)
        let known = value(of: name, lookup)
        if known == nil, options.keepsUnset {
            let slash = [ByteString.slash]
            return Array("${".utf8) + name.bytes + slash + pattern + slash + replacement + [UInt8(ascii: "}")]
        }
        let value = known ?? ""
        guard var glob = GlobPattern(pattern, steps: patternSteps) else { throw .invalidPattern(ByteString(pattern)) }
        defer { patternSteps = glob.steps }
        return isEvery
            ? try glob.replacingAll(in: value.bytes, with: replacement, limit: room)
            : try glob.replacingFirst(in: value.bytes, with: replacement)
    }

    private mutating func part(
        until stop: UInt8,
        keepingEscapes: Bool,
        _ lookup: Lookup
    ) throws(ExpansionError) -> [UInt8] {
        let outer = keepsEscapes
        keepsEscapes = keepingEscapes
        defer { keepsEscapes = outer }
        var noWords: LexedWords?
        return try read(until: stop, into: &noWords, lookup)
    }

    private mutating func value(of name: ByteString, _ lookup: Lookup) -> ByteString? {
        let value = lookup(name)
        if value == nil { unset.append(name) }
        return value
    }

    // MARK: Names

    /// Letters, digits and underscores; digits alone when the first is one; or one special parameter.
    private mutating func name() -> ByteString {
        let start = index
        guard let first = peek() else { return "" }
        if GoLiteral.isDigit(first) {
            while let byte = peek(), GoLiteral.isDigit(byte) { index += 1 }
            return ByteString(bytes[start..<index])
        }
        if "@*#?-$!".utf8.contains(first) {
            index += 1
            return ByteString([first])
        }
        while let byte = peek() {
            let lower = byte | 0x20
            if (lower >= 0x61 && lower <= 0x7A) || byte == UInt8(ascii: "_") || GoLiteral.isDigit(byte) {
                index += 1
            } else if byte >= 0x80, let letter = letter() {
                index += letter
            } else {
                break
            }
        }
        return ByteString(bytes[start..<index])
    }

    /// The length of the letter or digit beyond ASCII at the index, or nil when there is none.
    private func letter() -> Int? {
        guard let scalar = scalar() else { return nil }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return String(scalar).utf8.count
        default: return nil
        }
    }

    private func scalar() -> UnicodeScalar? {
        var iterator = bytes[index...].prefix(4).makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return scalar
    }

    /// The character at the index, or its first byte when it is none.
    private func character() -> ByteString {
        if let scalar = scalar() { return ByteString(String(scalar)) }
        return ByteString(bytes[index...].prefix(1))
    }
}
