import ByteStrings

/// Values in the notation of the flags: truth values, durations, sizes.
enum GoLiteral {
    /// `1`, `t`, `true` and their like, in the spellings that are accepted; nil for anything else.
    static func boolean(_ text: ByteString) -> Bool? {
        switch text.description {
        case "1", "t", "T", "TRUE", "true", "True": true
        case "0", "f", "F", "FALSE", "false", "False": false
        default: nil
        }
    }

    /// Why a text is no duration.
    enum DurationError: Error, Hashable {
        case invalid
        case missingUnit
        case unknownUnit(ByteString)
        case tooLong
    }

    /// A duration such as `1h2m3.5s`, in nanoseconds.
    static func duration(_ text: ByteString) throws(DurationError) -> Int64 {
        var rest = text.bytes[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        if rest.elementsEqual([UInt8(ascii: "0")]) { return 0 }
        if rest.isEmpty { throw .invalid }
        var total: Int64 = 0
        while !rest.isEmpty {
            let part = try term(&rest)
            let (sum, overflow) = total.addingReportingOverflow(part)
            if overflow { throw .tooLong }
            total = sum
        }
        return isNegative ? -total : total
    }

    /// Takes a number and its unit off the front.
    private static func term(_ rest: inout ArraySlice<UInt8>) throws(DurationError) -> Int64 {
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = rest.prefix(while: isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        if whole.isEmpty, fraction.isEmpty { throw .invalid }
        let unit = ByteString(rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") })
        rest = rest.dropFirst(unit.count)
        if unit.isEmpty { throw .missingUnit }
        guard let nanoseconds = nanoseconds(in: unit) else { throw .unknownUnit(unit) }

        guard let number = decimal(whole) else { throw .tooLong }
        let (product, overflow) = number.multipliedReportingOverflow(by: nanoseconds)
        if overflow { throw .tooLong }
        // Digits beyond the nanosecond add nothing, whatever the unit.
        var part = 0.0
        var scale = 1.0
        for digit in fraction.prefix(18) {
            scale /= 10
            part += Double(digit - UInt8(ascii: "0")) * scale
        }
        let (sum, tooLong) = product.addingReportingOverflow(Int64((part * Double(nanoseconds)).rounded(.down)))
        if tooLong { throw .tooLong }
        return sum
    }

    private static func nanoseconds(in unit: ByteString) -> Int64? {
        switch unit {
        case "ns": 1
        case "us", "\u{B5}s", "\u{3BC}s": 1_000
        case "ms": 1_000_000
        case "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h": 3_600_000_000_000
        default: nil
        }
    }

    /// A number of bytes such as `64m` or `1.5 GiB`, in units of 1024; nil when it is none.
    static func byteCount(_ text: ByteString) -> Int64? {
        let whole = text.bytes.prefix(while: isDigit)
        var rest = text.bytes.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard !whole.isEmpty, let number = decimal(whole) else { return nil }
        if rest.first == UInt8(ascii: " ") { rest.removeFirst() }
        guard let shift = shift(of: rest.map { $0 | 0x20 }) else { return nil }
        var part = 0.0
        var scale = 1.0
        for digit in fraction.prefix(18) {
            scale /= 10
            part += Double(digit - UInt8(ascii: "0")) * scale
        }
        let unit = Int64(1) << shift
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        let (sum, tooMuch) = product.addingReportingOverflow(Int64(part * Double(unit)))
        return overflow || tooMuch ? nil : sum
    }

    /// How often 2 is a factor of a unit given in lower case: `k`, `kb` and `kib` are one.
    private static func shift(of unit: [UInt8]) -> Int64? {
        guard let letter = unit.first else { return 0 }
        let ending = ByteString(unit.dropFirst())
        if letter == UInt8(ascii: "b") { return ending.isEmpty ? 0 : nil }
        guard ending.isEmpty || ending == "b" || ending == "ib" else { return nil }
        let letters: [UInt8] = [0x6B, 0x6D, 0x67, 0x74, 0x70]
        return letters.firstIndex(of: letter).map { Int64($0 + 1) * 10 }
    }

    /// A number of decimal digits alone; nil when there are none, others, or too many.
    static func decimal(_ digits: some Collection<UInt8>) -> Int64? {
        var number: Int64 = 0
        for digit in digits {
            guard isDigit(digit) else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, tooMuch) = product.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            if overflow || tooMuch { return nil }
            number = sum
        }
        // `.5s` has no digits before its point and counts as 0.
        return number
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
