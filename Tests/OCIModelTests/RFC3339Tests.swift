import FileModel
import OCIModel
import Testing

@Suite struct RFC3339Tests {
    static let times: [(Timestamp, String)] = [
        (Timestamp.epoch, "1970-01-01T00:00:00Z"),
        (Timestamp(seconds: 1_767_225_600), "2026-01-01T00:00:00Z"),
        (Timestamp(seconds: 951_782_399), "2000-02-28T23:59:59Z"),
        (Timestamp(seconds: 951_782_400), "2000-02-29T00:00:00Z"),
        (Timestamp(seconds: 4_107_542_400), "2100-03-01T00:00:00Z"),
        (Timestamp(seconds: -1, nanoseconds: 900_000_000), "1969-12-31T23:59:59.9Z"),
        (Timestamp(seconds: -62_167_219_200), "0000-01-01T00:00:00Z"),
        (Timestamp(seconds: 253_402_300_799, nanoseconds: 1), "9999-12-31T23:59:59.000000001Z"),
        (Timestamp(seconds: 1, nanoseconds: 120_000_000), "1970-01-01T00:00:01.12Z"),
    ]

    @Test(arguments: times)
    func writesAndReadsTheSame(_ time: Timestamp, _ text: String) {
        #expect(RFC3339.text(time) == text)
        #expect(RFC3339.parse(text) == time)
    }

    @Test func keepsFourDigitsForTheYear() {
        #expect(RFC3339.text(Timestamp(seconds: .max, nanoseconds: 5)) == "9999-12-31T23:59:59Z")
        #expect(RFC3339.text(Timestamp(seconds: .min, nanoseconds: 5)) == "0000-01-01T00:00:00Z")
    }

    @Test(arguments: [
        ("2026-01-01T01:30:00+01:30", Int64(1_767_225_600)), ("2025-12-31T23:00:00-01:00", 1_767_225_600),
        ("2026-01-01t00:00:00z", 1_767_225_600), ("2026-01-01T00:00:00.0000000009Z", 1_767_225_600),
    ])
    func readsOtherSpellings(_ text: String, _ seconds: Int64) {
        #expect(RFC3339.parse(text) == Timestamp(seconds: seconds))
    }

    @Test(arguments: [
        "", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z",
        "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00Z ", "2026-1-01T00:00:00Z", "٢٠٢٦-01-01T00:00:00Z",
        "2026-01-01T00:00:00+24:00", "2026-01-00T00:00:00Z",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test func agreesWithTheCalendarOnEveryDayOfFourCenturies() {
        var previous = RFC3339.text(Timestamp(seconds: -86400))
        for day in 0..<146_097 {
            let time = Timestamp(seconds: Int64(day) * 86400)
            let text = RFC3339.text(time)
            if RFC3339.parse(text) != time || text <= previous {
                Issue.record("day \(day) is written as \(text)")
                return
            }
            previous = text
        }
        #expect(previous == "2369-12-31T00:00:00Z")
    }
}
