import ByteStrings
import TestSupport
import Testing

@testable import BuildContexts

struct GlobPatternTests {
    @Test(arguments: [
        ("a", "a", true), ("a", "b", false), ("a", "", false), ("", "", true), ("", "a", false),
        ("*", "", true), ("*", "anything", true), ("*", ".hidden", true), ("*", "a/b", false),
        ("*.go", "a.go", true), ("*.go", ".go", true), ("*.go", "a.got", false), ("a*c*e", "abcde", true),
        ("a*c*e", "ace", true), ("a*c*e", "aec", false), ("**", "abc", true), ("a**b", "a-b", true),
        ("?", "a", true), ("?", "", false), ("?", "/", false), ("?", "é", true), ("??", "é", false),
        ("[a-c]", "b", true), ("[a-c]", "d", false), ("[^a-c]", "d", true), ("[^a-c]", "b", false),
        ("[^a]", "/", false), ("[!a]", "!", true), ("[!a]", "b", false), ("[c-a]", "b", false), ("[^c-a]", "b", true),
        ("[é-ü]", "ö", true), ("[[]lit]", "[lit]", true), ("[\\]]", "]", true), ("[a\\-z]", "-", true),
        ("[*?]", "?", true), ("]", "]", true), ("\\*", "*", true), ("\\*", "a", false), ("\\a", "a", true),
        ("x[0-9]y", "x7y", true), ("*[0-9]", "a1b", false), ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
    ])
    func `A pattern matches the whole name`(pattern: String, name: String, matches: Bool) throws {
        #expect(try GlobPattern(ByteString(pattern)).matches(ByteString(name)) == matches)
    }

    @Test(arguments: ["[", "[]", "[a", "[]a]", "[a-]", "[-a]", "[^]", "a\\", "[a\\", "*[", "[a-b-c]"])
    func `A pattern that breaks the grammar is refused`(pattern: String) {
        #expect(throws: ContextError.badPattern(ByteString(pattern), nil)) { try GlobPattern(ByteString(pattern)) }
    }

    @Test(arguments: [
        ("a*", true), ("a", false), ("\\*", false), ("\\\\*", true), ("[", true), ("?", true), ("]", false),
    ])
    func `An unescaped special character makes a pattern`(component: String, isPattern: Bool) {
        #expect(GlobPattern.isPattern(ByteString(component)) == isPattern)
    }

    @Test func `Bytes that are no UTF-8 are one character each`() throws {
        let name = ByteString([0x63, 0xE9, 0xFF] as [UInt8])
        #expect(try GlobPattern("c??").matches(name))
        #expect(try GlobPattern("c?").matches(name) == false)
        #expect(try GlobPattern(ByteString([0x5B, 0xE9, 0x5D] as [UInt8])).matches(ByteString([0xE9] as [UInt8])))
        #expect(try GlobPattern("[é]").matches(ByteString([0xE9] as [UInt8])) == false)
        // An encoding longer than need be, a surrogate, and a character cut off.
        for bytes: [UInt8] in [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] {
            #expect(try GlobPattern("?").matches(ByteString(bytes)) == false)
        }
    }

    @Test func `Random patterns match what a naive reading matches`() throws {
        var random = SeededGenerator(seed: 1)
        var matched = 0
        for _ in 0..<40_000 {
            let pattern = random.text(of: Array("aab*?[]^-\\é"), upTo: 7)
            let name = random.text(of: Array("ab-]^é"), upTo: 6)
            let expected = NaiveGlob.matches(Array(pattern.unicodeScalars), Array(name.unicodeScalars))
            let actual = try? GlobPattern(ByteString(pattern)).matches(ByteString(name))
            #expect(actual == expected, "\(pattern) on \(name)")
            if expected == true { matched += 1 }
        }
        #expect(matched > 500)
    }
}
