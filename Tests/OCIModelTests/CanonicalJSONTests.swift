import OCIModel
import Testing

@Suite struct CanonicalJSONTests {
    @Test func sortsMembersByBytesAndEscapesOnlyWhatItMust() throws {
        let labels = ["b/c": "a/b <&> \u{2028} é", "B": "\u{1}\n\t\"\\", "a": "", "é": "x", "a1": "2", "a10": "1"]

        let text = String(decoding: try CanonicalJSON.encode(labels), as: UTF8.self)

        #expect(
            text
                == #"{"B":"\u0001\n\t\"\\","a":"","a1":"2","a10":"1","b/c":"a/b <&> "# + "\u{2028}"
                + #" é","é":"x"}"#
        )
    }

    @Test func readsWhatItWrites() throws {
        let value = ["x": ["1", "\u{1F600}", "\u{0}", "tab\t"], "y": []]
        #expect(try CanonicalJSON.decode([String: [String]].self, from: CanonicalJSON.encode(value)) == value)
    }

    @Test func readsEscapes() throws {
        let bytes = Array(#"["\ud83d\ude00\u00e9\/\b\f\n\r\t\"\\"]"#.utf8)
        #expect(try CanonicalJSON.decode([String].self, from: bytes) == ["😀é/\u{8}\u{C}\n\r\t\"\\"])
    }

    static let refused: [(String, DocumentError)] = [
        (#"{"a":1,"a":2}"#, DocumentError.duplicateKey("a")),
        (#"{"a":1,"\u0061":2}"#, .duplicateKey("a")),
        ("{\"\u{E9}\":1,\"e\u{301}\":2}", .duplicateKey("e\u{301}")),
        ("{\"x\":{\"a\":1,\"a\":2}}", .duplicateKey("a")),
        ("", .malformed(offset: 0)), ("{", .malformed(offset: 1)), ("{}x", .malformed(offset: 2)),
        ("{\"a\":1,}", .malformed(offset: 7)), ("[1 2]", .malformed(offset: 3)), ("[01]", .malformed(offset: 2)),
        ("[1.]", .malformed(offset: 3)), ("[+1]", .malformed(offset: 1)), ("[nul]", .malformed(offset: 1)),
        ("\u{FEFF}{}", .malformed(offset: 0)), ("[\"\t\"]", .malformed(offset: 2)),
        (#"["\ud800"]"#, .malformed(offset: 8)), (#"["\x"]"#, .malformed(offset: 3)), ("{a:1}", .malformed(offset: 1)),
        ("[\"a", .malformed(offset: 3)), ("[NaN]", .malformed(offset: 1)),
    ]

    @Test(arguments: refused)
    func refusesWhatReadersCouldDisagreeOn(_ text: String, _ error: DocumentError) {
        #expect(throws: error) { try CanonicalJSON.decode([String: Int].self, from: Array(text.utf8)) }
    }

    @Test func refusesInvalidUTF8() {
        #expect(throws: DocumentError.malformed(offset: 1)) {
            try CanonicalJSON.decode([String].self, from: [0x5B, 0x22, 0xFF, 0x22, 0x5D])
        }
    }

    @Test func stopsAtTheSizeLimit() {
        let bytes = [UInt8](repeating: 0x20, count: CanonicalJSON.defaultSizeLimit + 1)
        #expect(throws: DocumentError.tooLarge(limit: 4 << 20)) {
            try CanonicalJSON.decode([String].self, from: bytes)
        }
    }

    @Test func stopsAtTheDepthLimit() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: DocumentError.tooDeep(limit: 64)) {
            try CanonicalJSON.decode([String].self, from: Array(deep.utf8))
        }
    }

    @Test func allowsTheDepthLimitItself() throws {
        struct Anything: Decodable {
            init(from decoder: any Decoder) {}
        }
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try CanonicalJSON.decode(Anything.self, from: Array(deep.utf8))
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "1e99", "0.5"])
    func numbersThatDoNotFitAreErrors(_ number: String) {
        #expect(throws: DocumentError.self) {
            try CanonicalJSON.decode([Int64].self, from: Array("[\(number)]".utf8))
        }
    }

    @Test func namesTheMemberThatIsWrong() {
        #expect(throws: DocumentError.invalid("a", "a value has another type or is out of range")) {
            try CanonicalJSON.decode([String: Int].self, from: Array(#"{"a":"x"}"#.utf8))
        }
    }
}
