import ByteStrings
import FileModel

/// The records of an extended header that are read by hand.
///
/// Source: POSIX.1-2024, `pax`, "pax Extended Header".
struct PAXValues: Equatable {
    private(set) var modified: Timestamp?
    private(set) var linkTarget: ByteString?
    private(set) var size: UInt64?

    /// Reads records, of which the last of a name counts; damaged ones end the reading.
    mutating func read(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let blank = rest.firstIndex(of: UInt8(ascii: " ")), let length = Self.number(rest[..<blank]),
            let end = Int(exactly: length).map({ rest.startIndex.addingReportingOverflow($0) }), !end.overflow,
            end.partialValue <= rest.endIndex, end.partialValue > blank + 1,
            rest[end.partialValue - 1] == UInt8(ascii: "\n")
        {
            take(rest[(blank + 1)..<(end.partialValue - 1)])
            rest = rest[end.partialValue...]
        }
    }

    private mutating func take(_ record: ArraySlice<UInt8>) {
        guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else { return }
        let value = record[(equals + 1)...]
        switch String(decoding: record[..<equals], as: UTF8.self) {
        case "mtime": modified = Self.time(value)
        case "linkpath": linkTarget = value.isEmpty || value.contains(0) ? nil : ByteString(value)
        case "size": size = Self.number(value)
        default: break
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        if digits.isEmpty { return nil }
        var number: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (product, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            if tooLarge || overflow { return nil }
            number = sum
        }
        return number
    }

    /// Seconds with digits behind a point, the ones after the ninth rounded down.
    private static func time(_ text: ArraySlice<UInt8>) -> Timestamp? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text
        let point = digits.firstIndex(of: UInt8(ascii: ".")) ?? digits.endIndex
        let behind = digits[point...].dropFirst()
        guard let whole = number(digits[..<point]).flatMap({ Int64(exactly: $0) }),
            behind.isEmpty || number(behind.prefix(9)) != nil
        else { return nil }
        let padded = Array(behind.prefix(9)) + [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 9 - behind.count))
        var fraction = Int64(number(padded[...]) ?? 0)
        if !isNegative { return Timestamp(seconds: whole, nanoseconds: UInt32(fraction)) }
        if behind.dropFirst(9).contains(where: { $0 != UInt8(ascii: "0") }) { fraction += 1 }
        return fraction == 0
            ? Timestamp(seconds: -whole)
            : Timestamp(seconds: -whole - 1, nanoseconds: UInt32(1_000_000_000 - fraction))
    }
}
