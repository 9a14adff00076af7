import Foundation
import TestSupport
import Testing

@testable import TarArchive

@Suite struct CompressionTests {
    static let sizes = [0, 1, 1000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2_200_000]

    static func compress(
        _ content: [UInt8],
        _ compression: Compression = .gzip,
        workers: Int,
        piece: Int
    ) throws -> [UInt8] {
        var result: [UInt8] = []
        let encoder = try compression.encoder(workers: workers) { result += $0 }
        for start in stride(from: 0, to: content.count, by: piece) {
            try content[start..<min(start + piece, content.count)].withUnsafeBytes { try encoder.write($0) }
        }
        try encoder.finish()
        return result
    }

    static func decompress(_ bytes: [UInt8]) throws -> [UInt8] {
        let decompressor = try Decompressor(.bytes(bytes))
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 100_000)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try decompressor.read(into: $0) }
            if count == 0 { return result }
            result += buffer[..<count]
        }
    }

    @Test(arguments: sizes, Compression.allCases)
    func givesBackTheContent(_ size: Int, _ compression: Compression) throws {
        let content = SampleEntries.content(size)
        let packed = try compression.compress(content)

        #expect(try Self.decompress(packed) == content)
        #expect(compression == .none ? packed == content : size < 1000 || packed.count < size)
    }

    @Test(arguments: sizes)
    func gzipDoesNotDependOnWorkersOrWrites(_ size: Int) throws {
        let content = SampleEntries.content(size)
        let expected = try Compression.gzip.compress(content)

        for (workers, piece) in [(1, 4096), (2, 1 << 20), (3, 777_777), (16, 10_000_000), (2, 100_001)] {
            #expect(try Self.compress(content, workers: workers, piece: piece) == expected)
        }
    }

    @Test(arguments: [(Compression.gzip, UInt64(9_719_364_143_518_559_254)), (.zstd, 8_455_406_271_987_348_023)])
    func theBytesAreTheRecordedOnes(_ compression: Compression, _ fingerprint: UInt64) throws {
        let packed = try compression.compress(SampleEntries.content(3_000_000))
        #expect(SampleEntries.fingerprint(packed) == fingerprint)
    }

    @Test(arguments: sizes)
    func zstdDoesNotDependOnWrites(_ size: Int) throws {
        let content = SampleEntries.content(size)
        let expected = try Compression.zstd.compress(content)

        for piece in [1013, 4096, 131_072, 10_000_000] {
            #expect(try Self.compress(content, .zstd, workers: 1, piece: piece) == expected)
        }
    }

    @Test func membersHaveNoNameAndNoTime() throws {
        let packed = try Compression.gzip.compress([1, 2, 3])
        #expect(Array(packed.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 255])
    }

    @Test(
        .enabled(if: ExternalTool.exists("gzip") && ExternalTool.exists("zstd"), "gzip or zstd is not installed"),
        arguments: [(Compression.gzip, "gzip"), (.zstd, "zstd")]
    )
    func theOrdinaryProgramsReadIt(_ compression: Compression, _ program: String) throws {
        let content = SampleEntries.content(3_500_000)
        let (output, status) = try ExternalTool.run([program, "-dc"], input: compression.compress(content))

        #expect(status == 0)
        #expect(output == content)
    }

    @Test(.enabled(if: ExternalTool.exists("python3"), "python3 is not installed"))
    func pythonReadsEveryMember() throws {
        let content = SampleEntries.content(3_500_000)
        let script = "import gzip,sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))"
        let (output, status) = try ExternalTool.run(
            ExternalTool.python + [script],
            input: Compression.gzip.compress(content)
        )

        #expect(status == 0)
        #expect(output == content)
    }

    @Test(
        .enabled(if: ExternalTool.exists("bzip2") && ExternalTool.exists("xz"), "bzip2 or xz is not installed"),
        arguments: [("bzip2", ArchiveCompression.bzip2), ("xz", .xz), ("gzip", .gzip), ("zstd", .zstd)]
    )
    func readsWhatTheOrdinaryProgramsWrite(_ program: String, _ compression: ArchiveCompression) throws {
        let archive = try SampleEntries.archive()
        let packed = try ExternalTool.run([program, "-c"], input: archive).output

        #expect(ArchiveCompression(prefix: packed) == compression)
        #expect(ArchiveFormat.detect(prefix: packed) == ArchiveFormat(compression: compression))
        #expect(try Decompressor(.bytes(packed)).compression == compression)
        #expect(try Self.decompress(packed) == archive)
        let reader = try ArchiveReader(.bytes(packed))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == SampleEntries.all.count)
    }

    @Test func compressedTextIsNoArchive() throws {
        let packed = try Compression.gzip.compress(Array("just text".utf8))
        #expect(ArchiveFormat.detect(.bytes(packed)) == nil)
        #expect(try Self.decompress(packed) == Array("just text".utf8))
    }

    @Test(arguments: [Compression.gzip, .zstd], [10, 100, 5000])
    func contentThatEndsEarlyIsAnError(_ compression: Compression, _ missing: Int) throws {
        let packed = try compression.compress(SampleEntries.content(2_000_000)).dropLast(missing)
        #expect(throws: ArchiveError.self) { try Self.decompress(Array(packed)) }
    }

    @Test func readsADescriptor() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("a.tar.gz")
        try Data(try Compression.gzip.compress(SampleEntries.archive())).write(to: file)
        let handle = try FileHandle(forReadingFrom: file)
        let reader = try ArchiveReader(.descriptor(handle.fileDescriptor))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == SampleEntries.all.count)

        try handle.seek(toOffset: 0)
        let decompressor = try Decompressor(.descriptor(handle.fileDescriptor))
        var first = [UInt8](repeating: 0, count: 4)
        #expect(try first.withUnsafeMutableBytes { try decompressor.read(into: $0) } == 4)
        #expect(first == Array("dir/".utf8))
    }

    @Test func aDecompressorFeedsAReader() throws {
        let archive = try SampleEntries.archive()
        let decompressor = try Decompressor(.bytes(try Compression.zstd.compress(archive + [9, 9, 9])))
        var seen: [UInt8] = []
        let reader = try ArchiveReader(
            .closure { buffer in
                let count = try decompressor.read(into: buffer)
                seen += buffer[..<count]
                return count
            },
            compressions: []
        )
        while try reader.next() != nil {}
        try reader.drainSource()

        #expect(seen == archive + [9, 9, 9])
    }

    struct DiskFull: Error {}

    @Test(arguments: [1, 2, 8], [0, 1, 3])
    func whatTheOutputThrowsReachesTheCaller(_ workers: Int, _ writesBefore: Int) throws {
        var writes = 0
        let gzip = ParallelGzip(workers: workers) { _ in
            if writes == writesBefore { throw DiskFull() }
            writes += 1
        }
        let content = SampleEntries.content(4 << 20)

        #expect(throws: DiskFull.self) {
            try content.withUnsafeBytes { try gzip.write($0) }
            try gzip.finish()
        }
        #expect(writes == writesBefore)
        #expect(throws: CompressionError.finished) { try gzip.finish() }
        #expect(throws: CompressionError.finished) { try gzip.write([1]) }
    }

    @Test func whatTheOutputOfZstdThrowsReachesTheCaller() throws {
        let zstd = try ZstdEncoder { _ in throw DiskFull() }
        #expect(throws: DiskFull.self) {
            try zstd.write([1, 2, 3])
            try zstd.finish()
        }
        #expect(throws: CompressionError.finished) { try zstd.finish() }
    }

    @Test(.timeLimit(.minutes(2)))
    func manyAtOnceDoNotWaitForEachOther() async throws {
        let content = SampleEntries.content(3_000_000)
        let expected = try Compression.gzip.compress(content)

        // More tasks than the cooperative pool has threads, all of which block.
        let results = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<24 {
                group.addTask { try Self.compress(content, workers: 4, piece: 65536) == expected }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(results == [Bool](repeating: true, count: 24))
    }
}
