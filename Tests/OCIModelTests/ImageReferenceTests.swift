import OCIModel
import Testing

@Suite struct ImageReferenceTests {
    static let digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let domain: String
        let path: String
        let tag: String?
        let familiar: String

        var testDescription: String { text }
    }

    static let accepted: [Case] = [
        Case(text: "alpine", domain: "docker.io", path: "library/alpine", tag: "latest", familiar: "alpine:latest"),
        Case(text: "alpine:3.20", domain: "docker.io", path: "library/alpine", tag: "3.20", familiar: "alpine:3.20"),
        Case(text: "library/a", domain: "docker.io", path: "library/a", tag: "latest", familiar: "a:latest"),
        Case(text: "user/app", domain: "docker.io", path: "user/app", tag: "latest", familiar: "user/app:latest"),
        Case(text: "index.docker.io/a", domain: "docker.io", path: "library/a", tag: "latest", familiar: "a:latest"),
        Case(
            text: "library/a/b",
            domain: "docker.io",
            path: "library/a/b",
            tag: "latest",
            familiar: "library/a/b:latest"
        ),
        Case(text: "localhost/a", domain: "localhost", path: "a", tag: "latest", familiar: "localhost/a:latest"),
        Case(text: "Host/a", domain: "Host", path: "a", tag: "latest", familiar: "Host/a:latest"),
        Case(text: "h:5000/a/b:c", domain: "h:5000", path: "a/b", tag: "c", familiar: "h:5000/a/b:c"),
        Case(text: "[::1]:5000/a:b", domain: "[::1]:5000", path: "a", tag: "b", familiar: "[::1]:5000/a:b"),
        Case(
            text: "ghcr.io/a__b/c-d.e",
            domain: "ghcr.io",
            path: "a__b/c-d.e",
            tag: "latest",
            familiar: "ghcr.io/a__b/c-d.e:latest"
        ),
        Case(text: "a@\(digest)", domain: "docker.io", path: "library/a", tag: nil, familiar: "a@\(digest)"),
        Case(text: "a:b@\(digest)", domain: "docker.io", path: "library/a", tag: "b", familiar: "a:b@\(digest)"),
    ]

    @Test(arguments: accepted)
    func fillsInWhatTheTextLeavesOut(_ expected: Case) throws {
        let reference = try ImageReference(expected.text)

        #expect(reference.domain == expected.domain)
        #expect(reference.path == expected.path)
        #expect(reference.tag == expected.tag)
        #expect(reference.familiarName == expected.familiar)
        #expect(try ImageReference(reference.canonicalName) == reference)
        #expect(try ImageReference(reference.familiarName) == reference)
    }

    @Test func writesTheCanonicalName() throws {
        #expect(try ImageReference("busybox").canonicalName == "docker.io/library/busybox:latest")
        #expect(try ImageReference("busybox").repository == "docker.io/library/busybox")
        #expect(try ImageReference("h:1/a@\(Self.digest)").canonicalName == "h:1/a@\(Self.digest)")
    }

    static let refused: [(String, ReferenceError)] = [
        ("", ReferenceError.empty), ("Alpine", .upperCaseRepository("Alpine")), ("h.io/A", .upperCaseRepository("A")),
        ("a:", .badTag("")), ("a:.b", .badTag(".b")), ("a:b c", .badTag("b c")),
        ("a:" + String(repeating: "t", count: 129), .badTag(String(repeating: "t", count: 129))),
        ("a//b", .badRepository("a//b")), ("/a", .badRepository("/a")), ("a/", .badRepository("a/")),
        ("a..b", .badRepository("a..b")), ("a_-b", .badRepository("a_-b")), ("a___b", .badRepository("a___b")),
        ("-a", .badRepository("-a")), ("a.", .badRepository("a.")), ("é", .badRepository("é")),
        ("h.io/", .badRepository("")), ("-h.io/a", .badDomain("-h.io")), ("h:x/a", .badDomain("h:x")),
        ("h:/a", .badDomain("h:")), ("h..io/a", .badDomain("h..io")), ("a\n", .badRepository("a\n")),
        ("../../x", .badDomain("..")), ("a@sha256:1", .badDigest(.badHex("1", expectedCount: 64))),
        ("a@", .badDigest(.noAlgorithm(""))),
        (String(digest.dropFirst(7)), .looksLikeIdentifier(String(digest.dropFirst(7)))),
        (String(repeating: "a", count: 250), .tooLong(268)),
    ]

    @Test(arguments: refused)
    func namesThePartThatIsWrong(_ text: String, _ error: ReferenceError) {
        #expect(throws: error) { try ImageReference(text) }
    }
}
