import ByteStrings
import FileModel
import Foundation
import TestSupport
import Testing

@testable import TarArchive

@Suite struct TarWriterTests {
    @Test func writesTheRecordedBytes() throws {
        let file = Testdata.root.appendingPathComponent("tar/every-kind.tar")
        let written = try SampleEntries.archive()
        if ProcessInfo.processInfo.environment["SLIPWAY_RECORD"] == "1" {
            try Data(written).write(to: file)
            Issue.record("the archive was recorded; run again without SLIPWAY_RECORD")
        }

        #expect(Array(try Data(contentsOf: file)) == written)
    }

    @Test func theOrderOfAttributesDoesNotMatter() throws {
        let names = (0..<50).map { ByteString("user.n\($0)") }
        func archive(_ order: [ByteString]) throws -> [UInt8] {
            var attributes: [ByteString: [UInt8]] = [:]
            for name in order { attributes[name] = [1] }
            return try SampleEntries.archive([
                SampleEntries.file("a") { $0.attributes.extendedAttributes = attributes }
            ])
        }

        #expect(try archive(names) == archive(names.reversed()))
    }

    @Test func piecesOfContentDoNotMatter() throws {
        let content = SampleEntries.content(10_000)
        var writer = TarWriter(MemorySink())
        try writer.append(SampleEntries.file("a", content).0)
        for piece in stride(from: 0, to: content.count, by: 333) {
            try writer.write(content: Array(content[piece..<min(piece + 333, content.count)]))
        }
        try writer.finish()

        #expect(try writer.sink.bytes == SampleEntries.archive([SampleEntries.file("a", content)]))
        #expect(writer.byteCount == UInt64(writer.sink.bytes.count))
    }

    @Test func aSmallFileTakesOneHeader() throws {
        #expect(try SampleEntries.archive([SampleEntries.file("a", [1])]).count == 512 + 512 + 1024)
        #expect(try SampleEntries.archive([]).count == 1024)
    }

    @Test func theRootIsADot() throws {
        let bytes = try SampleEntries.archive([SampleEntries.other("", .directory)])
        #expect(bytes.prefix(3) == [0x2E, 0x2F, 0])
    }

    @Test(
        arguments: [
            "", "/a", "a/", "a\u{0}b",
        ] as [ByteString]
    )
    func refusesPathsThatAreNone(_ path: ByteString) {
        var writer = TarWriter(MemorySink())
        #expect(throws: TarError.badPath(path)) { try writer.append(SampleEntries.file(path).0) }
    }

    @Test(arguments: ["", "a\u{0}b"] as [ByteString])
    func refusesLinksToNothing(_ target: ByteString) {
        var writer = TarWriter(MemorySink())
        #expect(throws: TarError.badLinkTarget("l")) {
            try writer.append(SampleEntries.other("l", .symbolicLink, target).0)
        }
    }

    @Test func refusesWhatTheFormatCannotHold() {
        var writer = TarWriter(MemorySink())
        #expect(throws: TarError.unrepresentable("a", field: "extended attribute `user.a=b`")) {
            try writer.append(SampleEntries.file("a") { $0.attributes.extendedAttributes = ["user.a=b": []] }.0)
        }
        #expect(throws: TarError.unrepresentable("d", field: "device number")) {
            let device = DeviceNumber(major: 1, minor: 2_097_152)
            try writer.append(SampleEntries.other("d", .blockDevice, device: device).0)
        }
        #expect(writer.sink.bytes.isEmpty)
    }

    @Test func contentMustHaveTheSizeAnnounced() throws {
        var writer = TarWriter(MemorySink())
        try writer.append(SampleEntries.file("a", [1, 2, 3]).0)
        #expect(throws: TarError.contentTooLong("a")) { try writer.write(content: [1, 2, 3, 4]) }
        try writer.write(content: [1])
        #expect(throws: TarError.contentMissing("a", 2)) { try writer.append(SampleEntries.file("b").0) }
        #expect(throws: TarError.contentMissing("a", 2)) { try writer.finish() }
        try writer.write(content: [2, 3])
        try writer.finish()
        #expect(throws: TarError.finished) { try writer.finish() }
        #expect(throws: TarError.finished) { try writer.append(SampleEntries.file("b").0) }
    }

    @Test func sizesBeyondEightGiBAreWritten() throws {
        var writer = TarWriter(MemorySink())
        try writer.append(SampleEntries.file("a") { $0.size = 1 << 33 }.0)
        let bytes = writer.sink.bytes

        #expect(bytes.count == 3 * 512)
        #expect(bytes[512...].starts(with: "19 size=8589934592\n".utf8))
    }

    @Test func passesOnWhatTheSinkThrows() {
        struct Full: Error {}
        var writer = TarWriter(ClosureSink { _ in throw Full() })
        #expect(throws: Full.self) { try writer.append(SampleEntries.file("a").0) }
    }

    @Test func aBufferedSinkJoinsSmallWrites() throws {
        var writes: [Int] = []
        var bytes: [UInt8] = []
        var sink = BufferedSink(
            ClosureSink {
                writes.append($0.count)
                bytes += $0
            },
            capacity: 100
        )
        for count in [10, 50, 39, 1, 100, 250, 5] {
            try sink.write([UInt8](repeating: UInt8(count % 251), count: count))
        }
        try sink.flush()
        try sink.flush()

        #expect(writes == [100, 100, 250, 5])
        #expect(bytes.count == 455)
    }
}
