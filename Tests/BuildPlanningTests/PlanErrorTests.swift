import BuildPlanning
import ByteStrings
import SourceDiagnostics
import Testing

@Suite("Errors of planning")
struct PlanErrorTests {
    /// A Dockerfile, a word of the message, the line it points at.
    static let failures: [(String, String, Int)] = [
        ("FROM $NOSUCH\n", "$NOSUCH", 1),
        ("FROM Bad/Name\n", "Bad/Name", 1),
        ("FROM scratch\nFROM --platform=$NO scratch\n", "empty platform", 2),
        ("FROM --platform=a/b/c/d/e scratch\n", "a/b/c/d/e", 1),
        ("FROM scratch\nCOPY --from=7 a b\n", "invalid stage index `7`", 2),
        ("FROM scratch AS one\nCOPY --from=one a b\n", "circular", 2),
        ("FROM scratch\nCOPY --from=0 a b\n", "circular", 2),
        ("FROM scratch\nENV S=x\nCOPY --from=$S a b\n", "--from", 3),
        ("FROM scratch\nCOPY http://h/x /x\n", "URL", 2),
        ("FROM scratch\nCOPY git@h:x /x\n", "git ref", 2),
        ("FROM scratch\nADD http://h/x.txt /x\n", "http://h/x.txt", 2),
        ("FROM scratch\nADD https://h/x.git#v1:d /x\n", "git ref is unsupported", 2),
        ("FROM scratch\nADD --checksum=sha256:00 a /x\n", "--checksum", 2),
        ("FROM scratch\nCOPY --chmod=888 a /x\n", "888", 2),
        ("FROM scratch\nCOPY --chmod=17777 a /x\n", "17777", 2),
        ("FROM scratch\nCOPY --chown=1:2:3 a /x\n", "1:2:3", 2),
        ("FROM scratch\nCOPY --link --chown=app a /x\n", "app", 2),
        ("FROM scratch\nCOPY \"$NO\" /x\n", "blank", 2),
        ("FROM scratch\nEXPOSE eighty\n", "eighty", 2),
        ("FROM scratch\nEXPOSE 90-80\n", "90-80", 2),
        ("FROM scratch\nEXPOSE 80/xyz\n", "xyz", 2),
        ("FROM scratch\nEXPOSE 70000\n", "70000", 2),
        ("FROM scratch\nSTOPSIGNAL SIGNOSUCH\n", "SIGNOSUCH", 2),
        ("FROM scratch\nSTOPSIGNAL 0\n", "`0`", 2),
        ("FROM scratch\nVOLUME $NO\n", "VOLUME", 2),
        ("FROM scratch\n\nLABEL a=\"${U:?go and set U}\"\n", "go and set U", 3),
        ("FROM busybox\nRUN --mount=type=bind,target=/ x\n", "target", 2),
        ("FROM busybox\nRUN --mount=type=nosuch,target=/m x\n", "nosuch", 2),
        ("FROM busybox\nRUN --mount=type=bind,target=/m,size=1m x\n", "size", 2),
        ("FROM busybox\nRUN --mount=type=bind,target=/m,uid=5 x\n", "uid", 2),
        ("FROM busybox\nRUN --mount=type=secret x\n", "secret", 2),
        ("FROM busybox\nRUN --mount=type=cache,target=/c,sharing=nosuch x\n", "nosuch", 2),
        ("FROM busybox AS a\nRUN --mount=from=a,target=/m x\n", "circular", 2),
        ("FROM busybox AS a\nRUN --mount=from=b,target=/m x\nFROM scratch AS b\nFROM a\n", "before", 2),
        ("FROM busybox\nRUN --device=gpu x\n", "gpu", 2),
    ]

    @Test("An error says what is wrong and where", arguments: failures)
    func failure(dockerfile: String, word: String, line: Int) throws {
        let failure = try #require(PlanFixture.failure(dockerfile))
        let error = try #require(failure.diagnostics.first)
        #expect(error.severity == .error)
        #expect(error.message.contains(word))
        #expect(error.range?.start.line == line)
        #expect(!error.message.hasSuffix("."))
    }

    @Test("A stage the target does not need may fail, but not name nonsense")
    func unneededStages() {
        #expect(PlanFixture.failure("FROM scratch AS a\nEXPOSE eighty\nFROM scratch\n") == nil)
        #expect(PlanFixture.failure("FROM Bad/Name AS a\nFROM scratch\n") != nil)
    }
}
