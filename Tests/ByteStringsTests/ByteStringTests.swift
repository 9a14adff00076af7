import ByteStrings
import Testing

@Suite struct ByteStringTests {
    @Test func canonicallyEquivalentTextsAreDifferentNames() {
        #expect(ByteString("\u{e9}") != ByteString("e\u{301}"))
    }

    @Test(arguments: [
        ("a/../b", "/b"), ("/../../x", "/x"), ("./a//b/", "/a/b"), ("", "/"), ("/", "/"), ("..", "/"),
    ])
    func cleaningStopsAtTheRoot(_ path: String, _ cleaned: String) {
        #expect(ByteString(path).lexicallyCleanedAbsolute == ByteString(cleaned))
    }

    @Test func appendingKeepsOneSlashBetweenComponents() {
        #expect(ByteString("/a/").appendingPath("b") == "/a/b")
        #expect(ByteString("/a").appendingPath("b") == "/a/b")
        #expect(ByteString("/a").appendingPath("/b") == "/b")
        #expect(ByteString("").appendingPath("b") == "b")
    }

    @Test func comparisonIsByUnsignedBytes() {
        #expect(ByteString([0x7f]) < ByteString([0x80]))
        #expect(ByteString("a") < ByteString("aa"))
    }
}
