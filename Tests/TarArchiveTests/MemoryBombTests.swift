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
}
