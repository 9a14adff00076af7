import OCIModel
import Testing

@Suite struct DigestTests {
    static let emptyHex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test func keepsTheTextItWasReadFrom() throws {
        let digest = try Digest("sha256:" + Self.emptyHex)

        #expect(digest.algorithm == .sha256)
        #expect(digest.hex == Self.emptyHex)
        #expect(digest.description == "sha256:" + Self.emptyHex)
    }

    static let refused: [(String, DigestError)] = [
        ("", DigestError.noAlgorithm("")),
        (emptyHex, .noAlgorithm(emptyHex)),
        ("md5:d41d8cd98f00b204e9800998ecf8427e", .unknownAlgorithm("md5")),
        ("SHA256:" + emptyHex, .unknownAlgorithm("SHA256")),
        (":" + emptyHex, .unknownAlgorithm("")),
        ("sha256:", .badHex("", expectedCount: 64)),
        ("sha256:XYZ", .badHex("XYZ", expectedCount: 64)),
        ("sha256:../../../etc/passwd", .badHex("../../../etc/passwd", expectedCount: 64)),
        ("sha256:" + emptyHex.uppercased(), .badHex(emptyHex.uppercased(), expectedCount: 64)),
        ("sha256:" + emptyHex + "0", .badHex(emptyHex + "0", expectedCount: 64)),
        ("sha256:\(emptyHex.dropLast())\n", .badHex("\(emptyHex.dropLast())\n", expectedCount: 64)),
        ("sha512:" + emptyHex, .badHex(emptyHex, expectedCount: 128)),
    ]

    @Test(arguments: refused)
    func refusesWhatIsNoDigest(_ text: String, _ error: DigestError) {
        #expect(throws: error) { try Digest(text) }
    }

    @Test(arguments: [
        ("", emptyHex), ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func hashesBytes(_ text: String, _ hex: String) {
        #expect(Digest.sha256(of: text.utf8).hex == hex)
        #expect(Digest.sha256(of: Array(text.utf8)).hex == hex)
    }

    @Test func hashesTheSameInPieces() {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var digester = Digester()
        for start in stride(from: 0, to: bytes.count, by: 777) {
            bytes[start..<min(start + 777, bytes.count)].withUnsafeBytes { digester.update($0) }
        }

        #expect(digester.finalize() == .sha256(of: bytes))
        #expect(digester.byteCount == 100_000)
    }

    @Test func hashesWithTheOtherAlgorithm() {
        var digester = Digester(.sha512)
        digester.update("abc".utf8)
        let digest = digester.finalize()

        #expect(digest.algorithm == .sha512)
        #expect(digest.hex.hasPrefix("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"))
        #expect(digest.hex.utf8.count == 128)
    }

    @Test func copiesOfADigesterGoSeparateWays() {
        var first = Digester()
        first.update("a".utf8)
        var second = first
        second.update("b".utf8)

        #expect(first.finalize() == .sha256(of: "a".utf8))
        #expect(second.finalize() == .sha256(of: "ab".utf8))
    }
}
