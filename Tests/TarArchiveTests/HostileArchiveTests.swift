import ByteStrings
import FileModel
import Testing

@testable import TarArchive

@Suite struct HostileArchiveTests {
    /// A header with these fields as raw bytes, and the right checksum.
    static func header(
        name: String = "f",
        size: String = "00000000000",
        uid: [UInt8] = Array("0000000".utf8),
        type: Character = "0",
        link: String = "",
        major: [UInt8] = Array("0000000".utf8)
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 512)
        func put(_ value: some Sequence<UInt8>, _ offset: Int) {
            for (index, byte) in value.enumerated() { bytes[offset + index] = byte }
        }
        put(name.utf8, 0)
        put("0000644".utf8, 100)
        put(uid, 108)
        put("0000000".utf8, 116)
        put(size.utf8, 124)
        put("00000000000".utf8, 136)
        put("        ".utf8, 148)
        put(String(type).utf8, 156)
        put(link.utf8, 157)
        put("ustar\u{0}00".utf8, 257)
        put(major, 329)
        put("0000000".utf8, 337)
        let sum = String(bytes.reduce(0) { $0 + Int($1) }, radix: 8)
        put((String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ").utf8, 148)
        return bytes
    }

    static func block(_ content: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(content)
        return bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }

    static func pax(_ records: String...) -> [UInt8] {
        var body = ""
        for record in records {
            var length = record.utf8.count + 2
            while String(length).utf8.count + record.utf8.count + 2 != length {
                length = String(length).utf8.count + record.utf8.count + 2
            }
            body += "\(length) \(record)\n"
        }
        let size = String(body.utf8.count, radix: 8)
        return header(
            name: "x",
            size: String(repeating: "0", count: 11 - size.count) + size,
            type: "x"
        ) + block(body.utf8)
    }

    static let end = [UInt8](repeating: 0, count: 1024)

    static func read(_ bytes: [UInt8], _ limits: ArchiveLimits = .standard) throws(ArchiveError) -> [TarEntry] {
        let reader = try ArchiveReader(.bytes(bytes), limits: limits)
        var entries: [TarEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }

    static func limits(_ change: (inout ArchiveLimits) -> Void) -> ArchiveLimits {
        var limits = ArchiveLimits.standard
        change(&limits)
        return limits
    }

    @Test(arguments: [
        "../x", "/../x", "a/../../x", "./../x", "\\..\\x", ".", "..", "/", "a//b", "//x", "-rf", "a b", "*",
        ".wh..wh..opq",
        ".wh.", "caf\u{E9}", "\u{7}", "C:\\x",
    ])
    func namesComeAsTheyAre(_ name: String) throws {
        #expect(try Self.read(Self.header(name: name) + Self.end).map(\.path) == [ByteString(name)])
        #expect(try Self.read(Self.pax("path=\(name)") + Self.header() + Self.end).map(\.path) == [ByteString(name)])
    }

    @Test(arguments: [("dir", "dir"), ("dir/", "dir"), ("dir//", "dir"), ("/", "/"), ("./", "."), ("//", "/")])
    func directoriesHaveNoSlashAtTheEnd(_ name: String, _ path: ByteString) throws {
        #expect(try Self.read(Self.header(name: name, type: "5") + Self.end).map(\.path) == [path])
    }

    @Test(arguments: ["../../etc/shadow", "/etc/shadow", "caf\u{E9}"])
    func linkTargetsComeAsTheyAre(_ target: String) throws {
        let entries = try Self.read(Self.header(type: "2", link: target) + Self.end)
        #expect(entries.map(\.linkTarget) == [ByteString(target)])
        #expect(entries.map(\.kind) == [.symbolicLink])
    }

    @Test(arguments: ["1", "2"] as [Character])
    func linksToNothingAreRefused(_ type: Character) {
        #expect(throws: ArchiveError.self) { try Self.read(Self.header(type: type) + Self.end) }
    }

    @Test func theLastOfEqualRecordsCounts() throws {
        #expect(try Self.read(Self.pax("path=a", "path=b") + Self.header() + Self.end).map(\.path) == ["b"])
        let entry = try #require(
            try Self.read(
                Self.pax("SCHILY.xattr.user.a=1", "SCHILY.xattr.user.a=2") + Self.header() + Self.end
            ).first
        )
        #expect(entry.attributes.extendedAttributes == ["user.a": [UInt8(ascii: "2")]])
    }

    @Test func theSizeOfAnExtendedHeaderCounts() throws {
        let bytes = Self.pax("size=512") + Self.header(name: "a") + Self.block([UInt8](repeating: 1, count: 512))
        #expect(try Self.read(bytes + Self.header(name: "b") + Self.end).map(\.path) == ["a", "b"])
    }

    @Test func whatFollowsTheEndIsNotRead() throws {
        #expect(try Self.read(Self.header(name: "a") + Self.end + Self.header(name: "b")).map(\.path) == ["a"])
    }

    static let misfits: [(String, [UInt8], ArchiveError)] = [
        ("user", header(uid: [0x80, 0, 0, 1, 0, 0, 0, 0]), ArchiveError.outOfRange("f", field: "owner")),
        (
            "device", header(type: "3", major: [0x80, 0, 0, 1, 0, 0, 0, 0]),
            .outOfRange("f", field: "device number")
        ),
    ]

    @Test(arguments: misfits)
    func numbersThatDoNotFitAreNamed(_ what: String, _ bytes: [UInt8], _ error: ArchiveError) {
        #expect(throws: error) { try Self.read(bytes + Self.end) }
    }

    static let otherFiles: [(String, [UInt8])] = [
        ("nothing", []), ("text", Array("hello, world\n".utf8)),
        ("blocks of text", [UInt8](repeating: 65, count: 4096)),
        ("short", Array(header().prefix(511))),
        ("wrong checksum", [UInt8(ascii: "x")] + header().dropFirst() + end),
    ]

    @Test(arguments: otherFiles)
    func whatIsNoTarIsRefused(_ what: String, _ bytes: [UInt8]) {
        #expect(throws: ArchiveError.self) { try Self.read(bytes) }
        #expect(ArchiveFormat.detect(.bytes(bytes)) == nil)
    }

    @Test(arguments: [
        header(size: "00000001000"), header(size: "00000001000") + [1, 2, 3],
        Array(pax("path=a").prefix(700)), pax("path=a"), header(size: "77777777777"),
        header(name: "././@LongLink", size: "77777777777", type: "L"),
    ])
    func anArchiveThatEndsEarlyIsAnError(_ bytes: [UInt8]) {
        #expect(throws: ArchiveError.self) { try Self.read(bytes) }
    }

    @Test func damageInTheMiddleIsAnError() throws {
        var bytes = try SampleEntries.archive()
        bytes[512 + 100] ^= 0xFF
        #expect(throws: ArchiveError.self) { try Self.read(bytes) }
    }

    @Test func extendedHeadersOfManyGigabytesAreRefused() {
        #expect(throws: ArchiveError.self) {
            try Self.read(
                Self.header(name: "x", size: "77777777777", type: "x") + [UInt8](repeating: 0x20, count: 4 << 20)
            )
        }
    }

    @Test func endlessChainsOfHeadersAreRefused() {
        let chain = (0..<100_000).flatMap { _ in Self.header(name: "x", type: "x") }
        #expect(throws: ArchiveError.self) { try Self.read(chain + Self.header() + Self.end) }
    }

    @Test func everyLimitIsNamed() throws {
        let many = (0..<20).flatMap { Self.header(name: "f\($0)") } + Self.end
        #expect(throws: ArchiveError.limitExceeded(.entries, allowed: 19)) {
            try Self.read(many, Self.limits { $0.entries = 19 })
        }
        #expect(try Self.read(many, Self.limits { $0.entries = 20 }).count == 20)

        let long = Self.pax("path=" + String(repeating: "p", count: 1001)) + Self.header() + Self.end
        #expect(throws: ArchiveError.limitExceeded(.pathLength, allowed: 1000)) {
            try Self.read(long, Self.limits { $0.pathLength = 1000 })
        }
        let target =
            Self.pax("linkpath=" + String(repeating: "p", count: 1001)) + Self.header(type: "2", link: "x") + Self.end
        #expect(throws: ArchiveError.limitExceeded(.pathLength, allowed: 1000)) {
            try Self.read(target, Self.limits { $0.pathLength = 1000 })
        }

        let attributes = try SampleEntries.archive([
            SampleEntries.file("a") {
                $0.attributes.extendedAttributes = ["user.a": [1, 2, 3], "user.b": [1, 2, 3, 4]]
            }
        ])
        #expect(throws: ArchiveError.limitExceeded(.attributeCount, allowed: 1)) {
            try Self.read(attributes, Self.limits { $0.attributeCount = 1 })
        }
        #expect(throws: ArchiveError.limitExceeded(.attributeBytes, allowed: 18)) {
            try Self.read(attributes, Self.limits { $0.attributeBytes = 18 })
        }
        #expect(try Self.read(attributes, Self.limits { $0.attributeBytes = 19 }).count == 1)

        let content = try SampleEntries.archive([SampleEntries.file("a", [UInt8](repeating: 0, count: 100_000))])
        #expect(throws: ArchiveError.limitExceeded(.bytes, allowed: 99_999)) {
            try Self.read(content, Self.limits { $0.bytes = 99_999 })
        }
    }

    @Test func aHoleCountsAgainstTheLimit() {
        // GNU's sparse header: a file of 2 TiB without any data.
        var bytes = Self.header(size: "00000000000", type: "S")
        bytes.replaceSubrange(257..<265, with: Array("ustar  \u{0}".utf8))
        for offset in 345..<500 { bytes[offset] = 0 }
        bytes.replaceSubrange(386..<397, with: Array("40000000000".utf8.map { $0 }))
        bytes.replaceSubrange(398..<409, with: Array("00000000000".utf8))
        let size: [UInt8] = [0x80, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0]
        bytes.replaceSubrange(386..<398, with: size)
        bytes.replaceSubrange(483..<495, with: size)
        bytes.replaceSubrange(148..<156, with: Array("        ".utf8))
        let sum = String(bytes.reduce(0) { $0 + Int($1) }, radix: 8)
        bytes.replaceSubrange(
            148..<156,
            with: Array((String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ").utf8)
        )

        #expect(throws: ArchiveError.limitExceeded(.bytes, allowed: 1 << 40)) { try Self.read(bytes + Self.end) }
    }

    @Test(arguments: [Compression.gzip, .zstd])
    func bombsAreStoppedBeforeTheyAreUnpacked(_ compression: Compression) throws {
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var packed: [UInt8] = []
        let encoder = try compression.encoder(workers: 2) { packed += $0 }
        var writer = TarWriter(ClosureSink { try encoder.write($0) })
        try writer.append(SampleEntries.file("a") { $0.size = 64 << 20 }.0)
        for _ in 0..<64 { try writer.write(content: zeros) }
        try writer.finish()
        try encoder.finish()
        let limits = Self.limits {
            $0.ratio = 500
            $0.ratioFloor = 8 << 20
        }

        #expect(throws: ArchiveError.limitExceeded(.ratio, allowed: 500)) { try Self.read(packed, limits) }
        #expect(throws: ArchiveError.limitExceeded(.bytes, allowed: 16 << 20)) {
            let decompressor = try Decompressor(.bytes(packed), limits: Self.limits { $0.bytes = 16 << 20 })
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while try buffer.withUnsafeMutableBytes({ try decompressor.read(into: $0) }) > 0 {}
        }
        #expect(try Self.read(packed).map(\.size) == [64 << 20])
    }

    @Test func compressionInCompressionIsRefused() throws {
        let once = try Compression.gzip.compress(SampleEntries.archive())
        let twice = try Compression.zstd.compress(once)

        #expect(throws: ArchiveError.nestedCompression) { try Self.read(twice) }
        #expect(throws: ArchiveError.nestedCompression) { try Self.read(Compression.gzip.compress(once)) }
        #expect(ArchiveFormat.detect(.bytes(twice)) == nil)
    }

    @Test func onlyTheCompressionsAllowedAreUndone() throws {
        let packed = try Compression.gzip.compress(SampleEntries.archive())
        #expect(throws: ArchiveError.notAnArchive) { try ArchiveReader(.bytes(packed), compressions: [.zstd]) }
        #expect(try ArchiveReader(.bytes(packed), compressions: [.gzip]).next() != nil)
    }
}
