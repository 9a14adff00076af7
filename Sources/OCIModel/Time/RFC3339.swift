package import FileModel

/// Times as documents write them: `2026-01-01T00:00:00Z`.
///
/// Source: RFC 3339, section 5.6.
package enum RFC3339 {
    /// The time in UTC, with a fraction only where there is one.
    ///
    /// The format has four digits for the year, so times outside the years 0 to 9999 become the first or last second
    /// of these.
    package static func text(_ time: Timestamp) -> String {
        let isInside = (earliest...latest).contains(time.seconds)
        let seconds = min(max(time.seconds, earliest), latest)
        let nanoseconds = isInside ? min(time.nanoseconds, 999_999_999) : 0
        // Floor division, so that times before 1970 count from the start of their day.
        let secondOfDay = (seconds % 86400 + 86400) % 86400
        let date = civilDate(ofDay: (seconds - secondOfDay) / 86400)

        var text = padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
        text += "T" + padded(secondOfDay / 3600, 2) + ":" + padded(secondOfDay / 60 % 60, 2)
        text += ":" + padded(secondOfDay % 60, 2)
        if nanoseconds > 0 {
            var fraction = padded(Int64(nanoseconds), 9)[...]
            while fraction.last == "0" { fraction.removeLast() }
            text += "." + fraction
        }
        return text + "Z"
    }

    /// The time that a text gives, or nil when it is not of the format.
    ///
    /// Digits below the nanosecond are dropped.
    package static func parse(_ text: String) -> Timestamp? {
        var reader = Fields(text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t"),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2)
        else { return nil }
        guard (1...12).contains(month), day >= 1, day <= daysIn(month: month, year: year), hour < 24, minute < 60,
            second < 60
        else { return nil }
        var nanoseconds: UInt32 = 0
        if reader.take(".") {
            guard let fraction = reader.fraction() else { return nil }
            nanoseconds = fraction
        }
        var offset: Int64 = 0
        if !reader.take("Z"), !reader.take("z") {
            let isNegative = reader.take("-")
            guard isNegative || reader.take("+"), let hours = reader.number(2), reader.take(":"),
                let minutes = reader.number(2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (isNegative ? -1 : 1)
        }
        guard reader.isAtEnd else { return nil }
        let seconds = dayNumber(year: year, month: month, day: day) * 86400 + hour * 3600 + minute * 60 + second
        return Timestamp(seconds: seconds - offset, nanoseconds: nanoseconds)
    }

    private static let earliest = dayNumber(year: 0, month: 1, day: 1) * 86400
    private static let latest = dayNumber(year: 10000, month: 1, day: 1) * 86400 - 1

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    private static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
        // Years are counted from March, so that the leap day is the last one.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civilDate(ofDay number: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func daysIn(month: Int64, year: Int64) -> Int64 {
        let next = month == 12 ? (year + 1, 1) : (year, month + 1)
        return dayNumber(year: next.0, month: next.1, day: 1) - dayNumber(year: year, month: month, day: 1)
    }

    /// Takes a text apart from left to right.
    private struct Fields {
        private var rest: ArraySlice<UInt8>

        init(_ text: String) {
            rest = Array(text.utf8)[...]
        }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ mark: Unicode.Scalar) -> Bool {
            guard let first = rest.first, UInt32(first) == mark.value else { return false }
            rest.removeFirst()
            return true
        }

        mutating func number(_ width: Int) -> Int64? {
            let digits = rest.prefix(width)
            guard digits.count == width, digits.allSatisfy(Self.isDigit) else { return nil }
            rest = rest.dropFirst(width)
            return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
        }

        mutating func fraction() -> UInt32? {
            let digits = rest.prefix(while: Self.isDigit)
            if digits.isEmpty { return nil }
            rest = rest[digits.endIndex...]
            var value: UInt32 = 0
            for place in 0..<9 {
                let index = digits.startIndex + place
                value = value * 10 + (index < digits.endIndex ? UInt32(digits[index] - 48) : 0)
            }
            return value
        }

        private static func isDigit(_ byte: UInt8) -> Bool {
            (48...57).contains(byte)
        }
    }
}
