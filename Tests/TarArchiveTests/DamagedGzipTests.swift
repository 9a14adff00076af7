import Testing

@testable import TarArchive

/// Gzip that is not what its writer made.
@Suite struct DamagedGzipTests {
    /// A member whose content stands in it as it is, so that a changed byte breaks nothing but the checksum.
    private static func stored(_ content: [UInt8]) throws -> [UInt8] {
        let script = """
            import sys, zlib
            packer = zlib.compressobj(0, zlib.DEFLATED, 31)
            sys.stdout.buffer.write(packer.compress(sys.stdin.buffer.read()) + packer.flush())
            """
        let (output, status) = try ExternalTool.run(ExternalTool.python + [script], input: content)
        try #require(status == 0)
        return output
    }

    private static func damaged(_ packed: [UInt8], at offset: Int) -> [UInt8] {
        var result = packed
        result[offset] ^= 0x01
        return result
    }

    @Test(.enabled(if: ExternalTool.exists("python3"), "python3 is not installed"))
    func contentThatItsChecksumDoesNotFitIsDamaged() throws {
        let content = SampleEntries.content(400_000)
        let packed = try Self.stored(content)
        #expect(try CompressionTests.decompress(packed) == content)
        // Content, checksum, length.
        for offset in [packed.count / 2, packed.count - 8, packed.count - 1] {
            let error = #expect(throws: ArchiveError.self) {
                try CompressionTests.decompress(Self.damaged(packed, at: offset))
            }
            guard case .damaged(let reason) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(reason.hasPrefix("broken gzip: incorrect"), "\(reason)")
        }
    }

    /// The last entry is whole and its archive is not: the checksum stands behind the end that a tar has itself.
    @Test(.enabled(if: ExternalTool.exists("python3"), "python3 is not installed"), arguments: [0, 300_000])
    func anArchiveIsHeldAgainstItsChecksum(_ padding: Int) throws {
        let archive = try SampleEntries.archive() + [UInt8](repeating: 0, count: padding)
        let packed = try Self.stored(archive)
        #expect(try HostileArchiveTests.read(packed).count == SampleEntries.all.count)
        for offset in [packed.count - 8 - padding / 2, packed.count - 8] {
            #expect(throws: ArchiveError.self) { try HostileArchiveTests.read(Self.damaged(packed, at: offset)) }
        }
    }

    @Test func membersAreOneContentAndZerosMayStandBehindThem() throws {
        let (one, two) = (try Compression.gzip.compress([1, 2, 3]), try Compression.gzip.compress([4, 5]))
        let zeros = [UInt8](repeating: 0, count: 1000)
        #expect(try CompressionTests.decompress(one + two) == [1, 2, 3, 4, 5])
        #expect(try CompressionTests.decompress(one + two + zeros) == [1, 2, 3, 4, 5])
        #expect(try CompressionTests.decompress(one + zeros + two) == [1, 2, 3, 4, 5])
    }

    @Test func whatElseStandsBehindAMemberIsDamage() throws {
        let (one, two) = (try Compression.gzip.compress([1, 2, 3]), try Compression.gzip.compress([4, 5]))
        for tail in [[1], Array("garbage".utf8), Self.damaged(two, at: 0), Self.damaged(two, at: 2), [0, 0, 7]] {
            #expect(throws: ArchiveError.self, "\(tail)") { try CompressionTests.decompress(one + tail) }
        }
    }

    @Test func everyEarlyEndIsSeen() throws {
        let packed = try Compression.gzip.compress(Array("a few words".utf8))
        for count in 3..<packed.count {
            #expect(throws: ArchiveError.self, "\(count)") {
                try CompressionTests.decompress(Array(packed[..<count]))
            }
        }
    }

    @Test func theBytesMayComeOneAtATime() throws {
        let content = SampleEntries.content(300_000)
        var rest = try (Compression.gzip.compress(content) + Compression.gzip.compress([7]))[...]
        let decompressor = try Decompressor(
            .closure { buffer in
                guard let byte = rest.popFirst() else { return 0 }
                buffer[0] = byte
                return 1
            }
        )
        #expect(decompressor.compression == .gzip)
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = try buffer.withUnsafeMutableBytes({ try decompressor.read(into: $0) }), count > 0 {
            result += buffer[..<count]
        }
        #expect(result == content + [7])
    }

    /// Two bytes alone may begin anything.
    @Test func whatOnlyBeginsLikeGzipIsPlain() throws {
        let plain: [UInt8] = [0x1F, 0x8B, 0x07, 1, 2, 3, 4]
        #expect(try CompressionTests.decompress(plain) == plain)
    }
}
