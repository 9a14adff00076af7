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
        ("FROM scratch\nCOPY me@h-1.org:x /x\n", "git ref", 2),
        ("FROM scratch\nCOPY https://me:word@h/x /x\n", "`https://xxxxx@h/x`", 2),
        ("FROM scratch\nADD --checksum=sha256:00 http://h/x /x\n", "sha256:00", 2),
        ("FROM scratch\nADD --checksum=xyz https://h/x.git /x\n", "xyz", 2),
        ("FROM scratch\nADD --checksum=sha256:00 http://h/x http://h/y /x/\n", "multiple sources", 2),
        ("FROM scratch\nADD --keep-git-dir http://h/x /x\n", "--keep-git-dir", 2),
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
        ("FROM busybox\nRUN --device=v.com/d=a,nosuch=1 x\n", "nosuch", 2),
        ("FROM busybox\nRUN --device=v.com/d=a,required=perhaps x\n", "perhaps", 2),
        ("FROM busybox\nRUN --device=required x\n", "missing", 2),
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

    /// A Dockerfile, and the text that its error marks.
    static let marks: [(String, String)] = [
        ("FROM busybox\nCOPY --chown=a:b:c x /x\n", "--chown=a:b:c"),
        ("FROM busybox\nCOPY x \\\n  --chmod=9 /x\nCOPY --chmod=999 x /x\n", "--chmod=999"),
        ("FROM busybox\nEXPOSE 80 \\\n    81x\n", "81x"),
        ("FROM busybox\nENV A=1 B=${C:=x}\n", "B=${C:=x}"),
        ("ARG TAG\nFROM --platform=linux/amd64 busybox:$TGA AS app\n", "busybox:$TGA"),
        ("FROM --platform=$NO busybox\n", "--platform=$NO"),
        ("FROM busybox\nRUN --network=host x\n", "--network=host"),
        ("FROM busybox\nRUN --network=none --device=v.com/d=a x\n", "--device=v.com/d=a"),
    ]

    @Test("An error marks the word or flag it is about", arguments: marks)
    func mark(dockerfile: String, text: String) throws {
        let range = try #require(PlanFixture.failure(dockerfile)?.diagnostics.first?.range)
        let lines = dockerfile.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
        let marked = lines[range.start.line - 1][(range.start.column - 1)..<(range.end.column - 1)]
        #expect(String(decoding: marked, as: UTF8.self) == text)
    }

    @Test("All mistakes are found at once, in the order of the file")
    func severalMistakes() throws {
        let text = """
            FROM busybox AS a
            EXPOSE 80x
            COPY --chmod=9 a /a
            FROM busybox AS b
            STOPSIGNAL NEVER
            FROM a
            COPY --from=b /x /x
            VOLUME $NO
            """
        let failure = try #require(PlanFixture.failure(text))
        #expect(failure.diagnostics.map { $0.range?.start.line } == [2, 3, 5, 8])
    }

    @Test("What follows a variable that could not be set is not blamed for it")
    func consequences() throws {
        let text = """
            FROM busybox AS a
            ENV PLACE=${BASE:?set BASE}
            VOLUME $PLACE
            FROM a AS b
            COPY $PLACE /
            FROM b
            VOLUME $PLACE
            """
        let failure = try #require(PlanFixture.failure(text))
        #expect(failure.diagnostics.map { $0.range?.start.line } == [2])
    }

    @Test(
        "An unknown variable of FROM is explained",
        arguments: [
            ("ARG TAG=1\nFROM busybox:$TGA\n", "did you mean `TAG`?"),
            ("ARG TAG\nFROM busybox:$TGA\n", "did you mean `TAG`?"),
            ("FROM busybox:$VERSION\n", "ARG VERSION"),
            ("ARG BASE\nFROM $BASE\n", "--build-arg BASE"),
        ]
    )
    func unknownVariableInFrom(dockerfile: String, hint: String) throws {
        let error = try #require(PlanFixture.failure(dockerfile)?.diagnostics.first)
        #expect(error.hint?.contains(hint) == true, "\(error)")
        #expect(!error.notes.isEmpty)
    }
}
