import ByteStrings
import FileModel

/// The records of an extended header, for what a plain header has no room for.
///
/// Source: POSIX.1-2024, `pax`, "pax Extended Header".
struct PAXRecords {
    /// In any order, no key twice.
    private var records: [(key: ByteString, value: [UInt8])] = []

    private static let modifiedKey: ByteString = "mtime"

    var isEmpty: Bool { records.isEmpty }

    /// Sets a record, whose key must not have `=` in it.
    mutating func set(_ key: ByteString, _ value: [UInt8]) {
        if let index = records.firstIndex(where: { $0.key == key }) {
            records[index].value = value
        } else {
            records.append((key, value))
        }
    }

    /// Sets a record whose value is text of a file system, and says so when that is not UTF-8.
    mutating func set(name key: ByteString, _ value: ByteString) {
        set(key, value.bytes)
        if value.validatedString == nil { set("hdrcharset", Array("BINARY".utf8)) }
    }

    /// Sets the time in decimal seconds, with as many digits after the point as are needed.
    mutating func set(modified time: Timestamp) {
        // A negative time with a fraction is written as the sum of both, which is nearer to zero.
        let isNegative = time.seconds < 0
        let hasFraction = time.nanoseconds > 0
        var fraction = isNegative && hasFraction ? 1_000_000_000 - time.nanoseconds : time.nanoseconds
        let whole = isNegative && hasFraction ? (time.seconds + 1).magnitude : time.seconds.magnitude
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        text.appendDecimal(whole)
        if hasFraction {
            text.append(UInt8(ascii: "."))
            var unit: UInt32 = 100_000_000
            while fraction > 0 {
                text.append(UInt8(ascii: "0") + UInt8(fraction / unit))
                fraction %= unit
                unit /= 10
            }
        }
        set(Self.modifiedKey, text)
    }

    /// The records sorted by their keys: length, space, key, `=`, value, newline.
    func encoded() -> [UInt8] {
        var output: [UInt8] = []
        for (key, value) in records.count > 1 ? records.sorted(by: { $0.key < $1.key }) : records {
            let rest = 1 + key.count + 1 + value.count + 1
            // The length counts its own digits.
            var length = rest
            while rest + Self.digits(length) != length { length = rest + Self.digits(length) }
            output.reserveCapacity(output.count + length)
            output.appendDecimal(UInt64(length))
            output.append(UInt8(ascii: " "))
            output += key.bytes
            output.append(UInt8(ascii: "="))
            output += value
            output.append(UInt8(ascii: "\n"))
        }
        return output
    }

    private static func digits(_ number: Int) -> Int {
        var (count, rest) = (1, number / 10)
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }
}

extension [UInt8] {
    /// Appends a number in decimal digits.
    fileprivate mutating func appendDecimal(_ number: UInt64) {
        let start = count
        var rest = number
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }
}
