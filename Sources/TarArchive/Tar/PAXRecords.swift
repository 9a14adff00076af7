import ByteStrings
import FileModel

/// The records of an extended header, for what a plain header has no room for.
///
/// Source: POSIX.1-2024, `pax`, "pax Extended Header".
struct PAXRecords {
    private var values: [ByteString: [UInt8]] = [:]

    var isEmpty: Bool { values.isEmpty }

    /// Sets a record, whose key must not have `=` in it.
    mutating func set(_ key: ByteString, _ value: some Sequence<UInt8>) {
        values[key] = Array(value)
    }

    /// Sets a record whose value is text of a file system, and says so when that is not UTF-8.
    mutating func set(name key: ByteString, _ value: ByteString) {
        set(key, value)
        if value.validatedString == nil { set("hdrcharset", "BINARY".utf8) }
    }

    /// Sets the time in decimal seconds, with as many digits after the point as are needed.
    mutating func set(modified time: Timestamp) {
        var text = String(time.seconds)
        if time.nanoseconds > 0 {
            // A negative time with a fraction is written as the sum of both, which is nearer to zero.
            let isNegative = time.seconds < 0
            let fraction = isNegative ? 1_000_000_000 - time.nanoseconds : time.nanoseconds
            let whole = isNegative ? (time.seconds + 1).magnitude : time.seconds.magnitude
            let digits = String(fraction)
            var padded = (String(repeating: "0", count: 9 - digits.utf8.count) + digits)[...]
            while padded.last == "0" { padded.removeLast() }
            text = (isNegative ? "-" : "") + String(whole) + "." + padded
        }
        set("mtime", text.utf8)
    }

    /// The records sorted by their keys: length, space, key, `=`, value, newline.
    func encoded() -> [UInt8] {
        var output: [UInt8] = []
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            let rest = 1 + key.count + 1 + value.count + 1
            // The length counts its own digits.
            var length = rest
            while rest + String(length).utf8.count != length { length = rest + String(length).utf8.count }
            output += String(length).utf8
            output.append(UInt8(ascii: " "))
            output += key.bytes
            output.append(UInt8(ascii: "="))
            output += value
            output.append(UInt8(ascii: "\n"))
        }
        return output
    }
}
