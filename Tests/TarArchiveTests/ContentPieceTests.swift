import Testing

@testable import TarArchive

@Suite struct ContentPieceTests {
    static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    static let size = ContentPiece.size

    static let samples: [(name: String, bytes: [UInt8], kind: ContentPiece)] = [
        ("zeros", [UInt8](repeating: 0, count: size), .zeros),
        ("zeros but the last", [UInt8](repeating: 0, count: size - 1) + [1], .ordinary),
        ("zeros, too few", [UInt8](repeating: 0, count: size - 1), .ordinary),
        ("ones", [UInt8](repeating: 1, count: size), .ordinary),
        ("noise", noise(size), .noise),
        ("noise, too little", noise(size - 1), .ordinary),
        ("noise of six bits", noise(size).map { $0 & 63 }, .ordinary),
        ("repeated noise", Array([[UInt8]](repeating: noise(8192), count: 8).joined()), .ordinary),
        ("half noise", noise(size / 2) + [UInt8](repeating: 0, count: size / 2), .ordinary),
        ("counted bytes", (0..<size).map { UInt8(truncatingIfNeeded: $0) }, .ordinary),
        ("program", SampleEntries.content(size), .ordinary),
    ]

    @Test(arguments: samples)
    func piecesAreToldApart(_ name: String, _ bytes: [UInt8], _ kind: ContentPiece) {
        #expect(bytes.withUnsafeBytes { ContentPiece($0) } == kind)
    }

    /// Content of all kinds, cut at places that are none of ours.
    static let mixed =
        SampleEntries.content(100_000) + noise(700_001, seed: 2) + [UInt8](repeating: 0, count: 1_500_000)
        + noise(2_500_000, seed: 3) + SampleEntries.content(300_000)

    @Test func mixedContentComesBackAndNoiseIsStored() throws {
        let packed = try Compression.gzip.compress(Self.mixed)
        #expect(try CompressionTests.decompress(packed) == Self.mixed)
        // Noise costs five bytes for 64 KiB, and zeros nearly nothing.
        #expect(packed.count < 3_200_001 + 200_000)
        #expect(try CompressionTests.compress(Self.mixed, workers: 3, piece: 77_777) == packed)
        #expect(SampleEntries.fingerprint(packed) == 7_154_948_091_935_431_766)
    }

    @Test(
        .enabled(if: ExternalTool.exists("gzip") && ExternalTool.exists("python3"), "gzip or python3 is not installed")
    )
    func ordinaryProgramsReadStoredMembers() throws {
        let packed = try Compression.gzip.compress(Self.mixed)
        #expect(try ExternalTool.run(["gzip", "-dc"], input: packed).output == Self.mixed)
        let script = "import gzip,sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))"
        #expect(try ExternalTool.run(ExternalTool.python + [script], input: packed).output == Self.mixed)
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 131_070, 1 << 20])
    func storedMembersHoldAnySize(_ count: Int) throws {
        let content = Self.noise(count)
        let member = [UInt8](unsafeUninitializedCapacity: count + 200) { buffer, written in
            written = content.withUnsafeBytes { StoredMember.write($0, into: UnsafeMutableRawBufferPointer(buffer)) }
        }
        #expect(try CompressionTests.decompress(member) == content)
        var small = [UInt8](repeating: 0, count: member.count - 1)
        #expect(
            content.withUnsafeBytes { bytes in small.withUnsafeMutableBytes { StoredMember.write(bytes, into: $0) } }
                == 0
        )
    }
}
