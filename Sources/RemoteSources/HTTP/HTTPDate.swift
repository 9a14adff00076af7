import FileModel

/// Reads the dates of HTTP.
///
/// Source: RFC 9110, 5.6.7.
enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Any of the three forms; nil for other texts and for days that no month has.
    static func parse(_ text: String) -> Timestamp? {
        guard text.utf8.count < 64 else { return nil }
        var words = text.asciiLowercased.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        guard words.count >= 5 else { return nil }
        words.removeFirst()
        if months.contains(words[0]) {
            // Nov  6 08:49:37 1994
            guard words.count == 4 else { return nil }
            return timestamp(day: words[1], month: words[0], year: words[3], time: words[2])
        }
        // 06 Nov 1994 08:49:37 GMT, and with a year of two digits.
        guard words.count == 5, words[4] == "gmt" || words[4] == "utc" else { return nil }
        return timestamp(day: words[0], month: words[1], year: words[2], time: words[3])
    }

    private static func timestamp(day: String, month: String, year: String, time: String) -> Timestamp? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { number(String($0)) }
        guard let month = months.firstIndex(of: month).map({ $0 + 1 }), let day = number(day), var year = number(year),
            clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2]
        else { return nil }
        if year < 100 { year += year < 70 ? 2000 : 1900 }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year >= 1601, (1...lengths[month - 1]).contains(day), hour < 24, minute < 60, second <= 60 else {
            return nil
        }
        let before = year - 1
        let leapDays = before / 4 - before / 100 + before / 400
        let days = before * 365 + leapDays + lengths[..<(month - 1)].reduce(0, +) + day - 1
        let epoch = 1969 * 365 + 1969 / 4 - 1969 / 100 + 1969 / 400
        return Timestamp(seconds: Int64((days - epoch) * 86400 + hour * 3600 + minute * 60 + second))
    }

    private static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 4, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
