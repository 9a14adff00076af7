import ByteStrings
import FileModel
import Testing

@testable import TarArchive

@Suite struct TarRoundTripTests {
    @Test(arguments: Compression.allCases)
    func readsWhatItWrites(_ compression: Compression) throws {
        let bytes = try compression.compress(SampleEntries.archive())
        let reader = try ArchiveReader(.bytes(bytes))
        #expect(reader.compression.rawValue == compression.rawValue)

        for (expected, content) in SampleEntries.all {
            let entry = try #require(try reader.next())
            #expect(entry == expected)
            #expect(try reader.readAll(limit: 1 << 20) == content)
        }
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test func skipsContentThatNobodyReads() throws {
        let reader = try ArchiveReader(.bytes(try SampleEntries.archive()))
        var paths: [ByteString] = []
        while let entry = try reader.next() {
            paths.append(entry.path)
            if entry.path == "big" {
                var some = [UInt8](repeating: 0, count: 10)
                #expect(try some.withUnsafeMutableBytes { try reader.read(into: $0) } == 10)
            }
        }
        #expect(paths == SampleEntries.all.map(\.entry.path))
    }

    @Test(arguments: [1, 7, 511, 512, 513, 100_000])
    func anySizeOfPiecesFromTheSourceWillDo(_ size: Int) throws {
        let bytes = try SampleEntries.archive()
        var offset = 0
        let reader = try ArchiveReader(
            .closure { target in
                let count = min(size, target.count, bytes.count - offset)
                target.copyBytes(from: bytes[offset..<(offset + count)])
                offset += count
                return count
            }
        )
        var entries: [TarEntry] = []
        while let entry = try reader.next() { entries.append(entry) }

        #expect(entries == SampleEntries.all.map(\.entry))
    }

    @Test func theSourceIsReadToItsEndWhenAsked() throws {
        let bytes = try SampleEntries.archive() + [UInt8](repeating: 1, count: 1 << 20)
        var offset = 0
        let reader = try ArchiveReader(
            .closure { target in
                let count = min(target.count, bytes.count - offset)
                target.copyBytes(from: bytes[offset..<(offset + count)])
                offset += count
                return count
            }
        )
        while try reader.next() != nil {}
        #expect(offset < bytes.count)
        try reader.drainSource()

        #expect(offset == bytes.count)
    }

    @Test func namesWhatTheSourceThrew() throws {
        struct Broken: Error, CustomStringConvertible {
            let description = "the disk is gone"
        }
        let bytes = try SampleEntries.archive()
        var offset = 0
        let reader = try ArchiveReader(
            .closure { target in
                if offset >= 4096 { throw Broken() }
                target.copyBytes(from: bytes[offset..<(offset + 512)])
                offset += 512
                return 512
            }
        )

        #expect(throws: ArchiveError.unreadable("the disk is gone")) {
            while try reader.next() != nil {}
        }
    }
}
