import ByteStrings
import FileModel
import Testing

@testable import TarArchive

/// What extended headers say and the reader in C loses.
@Suite struct ExtendedHeaderTests {
    typealias Raw = HostileArchiveTests

    static let times: [(text: String, time: Timestamp)] = [
        ("-0.5", Timestamp(seconds: -1, nanoseconds: 500_000_000)),
        ("-0.000000001", Timestamp(seconds: -1, nanoseconds: 999_999_999)),
        ("-0.0000000001", Timestamp(seconds: -1, nanoseconds: 999_999_999)),
        ("-0.999999999", Timestamp(seconds: -1, nanoseconds: 1)),
        ("-0.0", .epoch), ("-0", .epoch), ("0", .epoch), ("0.25", Timestamp(seconds: 0, nanoseconds: 250_000_000)),
        ("-1", Timestamp(seconds: -1)), ("-1.25", Timestamp(seconds: -2, nanoseconds: 750_000_000)),
        ("-2147483649.75", Timestamp(seconds: -2_147_483_650, nanoseconds: 250_000_000)),
        ("2147483648.000000001", Timestamp(seconds: 2_147_483_648, nanoseconds: 1)),
        ("4294967296", Timestamp(seconds: 4_294_967_296)),
        ("15032385536.5", Timestamp(seconds: 15_032_385_536, nanoseconds: 500_000_000)),
    ]

    @Test(arguments: times)
    func timesKeepTheirSign(_ text: String, _ time: Timestamp) throws {
        let entries = try Raw.read(Raw.pax("mtime=\(text)") + Raw.header() + Raw.header(name: "next") + Raw.end)
        #expect(entries.map(\.path) == ["f", "next"])
        #expect(entries.first?.attributes.modified == time)
        #expect(entries.last?.attributes.modified == .epoch)
    }

    /// 1901, 1969, 2038, 2106, 2446 and the nanoseconds around zero, through our writer and back.
    @Test func everyTimeComesBack() throws {
        let seconds: [Int64] = [
            -2_147_483_649, -2_147_483_648, -1_000_000_000, -2, -1, 0, 1, 2_147_483_647, 2_147_483_648, 4_294_967_295,
            4_294_967_296, 8_589_934_591, 8_589_934_592, 15_032_385_535,
        ]
        for second in seconds {
            for nanosecond in [0, 1, 500_000_000, 999_999_999] as [UInt32] {
                var (entry, content) = SampleEntries.all[0]
                entry.attributes.modified = Timestamp(seconds: second, nanoseconds: nanosecond)
                let read = try Raw.read(SampleEntries.archive([(entry, content)]))
                #expect(read.first?.attributes.modified == entry.attributes.modified)
            }
        }
    }

    @Test(arguments: [("1", TarEntryKind.hardLink), ("2", .symbolicLink)] as [(Character, TarEntryKind)])
    func targetsThatOnlyRecordsGiveCount(_ type: Character, _ kind: TarEntryKind) throws {
        let long = "t/" + String(repeating: "x", count: 300)
        for target in ["short", long, "caf\u{E9}"] {
            let bytes = Raw.pax("linkpath=\(target)") + Raw.header(name: "l", type: type) + Raw.header(name: "next")
            let entries = try Raw.read(bytes + Raw.end)
            #expect(entries.map(\.path) == ["l", "next"])
            #expect(entries.first?.linkTarget == ByteString(target))
            #expect(entries.first?.kind == kind)
        }
    }

    @Test func recordsCountBehindContentOfEveryKind() throws {
        let content = [UInt8](repeating: 1, count: 1000)
        let size = "00000001750"
        let bytes =
            Raw.header(size: size) + Raw.block(content)
            + Raw.pax("size=1000", "path=p") + Raw.header(name: "q") + Raw.block(content)
            + Raw.header(name: "d/", type: "5")
            + Raw.header(name: "@", size: "00000000005", type: "L") + Raw.block("long\0".utf8)
            + Raw.pax("mtime=-0.5") + Raw.header(name: "short") + Raw.end
        let entries = try Raw.read(bytes)
        #expect(entries.map(\.path) == ["f", "p", "d", "long"])
        #expect(entries.last?.attributes.modified == Timestamp(seconds: -1, nanoseconds: 500_000_000))
        #expect(entries.dropLast().allSatisfy { $0.attributes.modified == .epoch })
    }

    /// The parts that the bytes come in do not matter.
    @Test(arguments: [1, 511, 512, 513, 4096])
    func theTapTakesBytesInAnyPieces(_ piece: Int) {
        let bytes =
            Raw.header(size: "00000000003") + Raw.block([1, 2, 3]) + Raw.pax("mtime=-0.25") + Raw.header() + Raw.end
        let tap = HeaderTap()
        for start in stride(from: 0, to: bytes.count, by: piece) {
            bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { tap.take($0) }
        }
        #expect(tap.note(at: 0) == nil)
        #expect(tap.note(at: 1024)?.modified == Timestamp(seconds: -1, nanoseconds: 750_000_000))
        #expect(tap.note(at: 1024) == nil)
    }

    @Test(arguments: ["99 mtime=-0.5\n", "mtime=-0.5\n", "13 mtime=-0.5", "0 \n", "18446744073709551615 a=b\n", "\0\0"])
    func damagedRecordsSayNothing(_ records: String) {
        var values = PAXValues()
        values.read(Array(records.utf8))
        #expect(values == PAXValues())
    }
}
