import Testing

@testable import TarArchive

/// Archives that want more memory than they should get, after CVE-2017-14992 and CVE-2023-25153.
@Suite struct MemoryBombTests {
    /// A frame that says how much of the content its reader must keep: 2^(10 + exponent) bytes.
    static func zstd(windowExponent: UInt8) -> [UInt8] {
        [0x28, 0xB5, 0x2F, 0xFD, 0x00, windowExponent << 3, 0x01 | 4 << 3, 0x00, 0x00, 1, 2, 3, 4]
    }

    @Test func windowsOfGigabytesAreRefused() throws {
        #expect(try CompressionTests.decompress(Self.zstd(windowExponent: 10)) == [1, 2, 3, 4])
        #expect(try CompressionTests.decompress(Self.zstd(windowExponent: 17)) == [1, 2, 3, 4])
        for exponent in [18, 21, 31] as [UInt8] {
            #expect(throws: ArchiveError.self) { try CompressionTests.decompress(Self.zstd(windowExponent: exponent)) }
        }
    }

    /// S45: an xz file says how large a dictionary its reader must keep.
    @Test(
        .enabled(if: ExternalTool.exists("python3"), "python3 is not installed"),
        arguments: [(64 << 20, true), (128 << 20, true), (256 << 20, false), (1536 << 20, false)]
    )
    func dictionariesOfGigabytesAreRefused(_ size: Int, _ isRead: Bool) throws {
        let packed = try Self.xz(Array("hello".utf8), dictionary: size)
        let outcome = Result { try CompressionTests.decompress(packed) }
        if isRead {
            #expect(try outcome.get() == Array("hello".utf8))
        } else {
            let error = #expect(throws: ArchiveError.self) { try outcome.get() }
            #expect(error == .limitExceeded(.memory, allowed: 129 << 20))
        }
        // The second of two files that are one counts as well, and so does an archive.
        let behind = try Self.xz(Array("small".utf8), dictionary: 1 << 20) + packed
        #expect((try? CompressionTests.decompress(behind)) == (isRead ? Array("smallhello".utf8) : nil))
        let archive = try Self.xz(SampleEntries.archive(), dictionary: size)
        #expect((try? HostileArchiveTests.read(archive))?.isEmpty == (isRead ? false : nil))
    }

    /// S45: the bytes of xz may come one at a time, end early, or be damaged.
    @Test(.enabled(if: ExternalTool.exists("python3"), "python3 is not installed"))
    func xzIsReadPieceByPieceAndWhole() throws {
        let content = SampleEntries.content(300_000)
        let packed = try Self.xz(content, dictionary: 1 << 20)
        var rest = packed[...]
        let decompressor = try Decompressor(
            .closure { buffer in
                guard let byte = rest.popFirst() else { return 0 }
                buffer[0] = byte
                return 1
            }
        )
        #expect(decompressor.compression == .xz)
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = try buffer.withUnsafeMutableBytes({ try decompressor.read(into: $0) }), count > 0 {
            result += buffer[..<count]
        }
        #expect(result == content)
        #expect(throws: ArchiveError.self) { try CompressionTests.decompress(Array(packed.dropLast(20))) }
        #expect(throws: ArchiveError.self) { try CompressionTests.decompress(packed + [1, 2, 3, 4]) }
        var damaged = packed
        damaged[packed.count / 2] ^= 0x40
        #expect(throws: ArchiveError.self) { try CompressionTests.decompress(damaged) }
        #expect(throws: ArchiveError.self) { try CompressionTests.decompress(Self.xz(packed, dictionary: 1 << 20)) }
    }

    private static func xz(_ content: [UInt8], dictionary: Int) throws -> [UInt8] {
        // A packer takes twelve times the memory of its dictionary, so the size is written into a header afterwards.
        let program = """
            import lzma, sys, binascii
            packed = bytearray(lzma.compress(sys.stdin.buffer.read(), lzma.FORMAT_XZ, lzma.CHECK_CRC32,
                filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]))
            size = int(sys.argv[1]); bits = 0
            while (2 | bits & 1) << (bits // 2 + 11) < size: bits += 1
            packed[16] = bits
            end = 12 + (packed[12] + 1) * 4 - 4
            packed[end:end + 4] = binascii.crc32(packed[12:end]).to_bytes(4, "little")
            sys.stdout.buffer.write(packed)
            """
        let (output, status) = try ExternalTool.run(
            ExternalTool.python + [program, String(dictionary)],
            input: content
        )
        try #require(status == 0)
        return output
    }
}
