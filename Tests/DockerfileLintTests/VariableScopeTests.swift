import ByteStrings
import DockerfileLint
import OCIModel
import SourceDiagnostics
import Testing

@Suite("Where variables are seen")
struct VariableScopeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var about: String
        var text: String
        var arguments: [ByteString: ByteString] = [:]
        var undefined: [String]

        var testDescription: String { about }
    }

    private static let cases: [Case] = [
        Case(about: "from its own line on", text: "COPY $A /\nARG A\nCOPY $A /", undefined: ["2:6 $A"]),
        Case(about: "in the instruction below", text: "ENV A=1\nCOPY $A ${A} /", undefined: []),
        Case(about: "not in the ENV that sets it", text: "ENV A=1 B=$A\nCOPY $B /", undefined: ["2:11 $A"]),
        Case(about: "in the rest of an ARG", text: "ARG A=1 B=$A\nCOPY $B /", undefined: []),
        Case(about: "not in an ARG further left", text: "ARG B=$A A=1", undefined: ["2:7 $A"]),
        Case(about: "an argument with no value", text: "ARG A\nCOPY x$A /", undefined: []),
        Case(about: "a default that a build argument replaces", text: "ARG A=$B", arguments: ["A": "1"], undefined: []),
        Case(about: "build arguments nobody declared", text: "COPY $A /", arguments: ["A": "1"], undefined: ["2:6 $A"]),
        Case(about: "a stage's own", text: "ARG A\nFROM scratch\nCOPY $A /", undefined: ["4:6 $A"]),
        Case(about: "a child stage", text: "ARG A\nFROM base AS c\nFROM c\nCOPY $A /", undefined: []),
        Case(
            about: "a parent stage knows nothing of its children",
            text: "FROM base AS c\nARG A\nFROM base\nCOPY $A /",
            undefined: ["5:6 $A"]
        ),
        Case(
            about: "a stage by the name of an earlier one",
            text: "FROM scratch AS c\nARG A\nFROM scratch AS c\nFROM c\nCOPY $A /",
            undefined: ["6:6 $A"]
        ),
        Case(
            about: "a base name in capitals is an image, of which nobody knows",
            text: "FROM Base\nCOPY $A /",
            undefined: []
        ),
        Case(about: "once an instruction", text: "COPY $A $A ${A} /", undefined: ["2:6 $A"]),
        Case(about: "continued lines", text: "COPY a \\\n  # $A is no use\n  $A /", undefined: ["4:3 $A"]),
        Case(about: "escaped dollar signs", text: "COPY \\$A /$A", undefined: ["2:11 $A"]),
        Case(about: "single quotes", text: "ENV A='$B' C=\"$D\"", undefined: ["2:15 $D"]),
        Case(about: "inner words", text: "ENV A=${A:-${B}} C=${D:-x}", undefined: ["2:12 ${B}"]),
        Case(about: "a word that is malformed", text: "COPY ${A /", undefined: []),
        Case(
            about: "documents",
            text: "COPY <<A <<'B' /\n# $A \"$C\"\nA\n$D\nB",
            undefined: ["3:3 $A", "3:7 $C"]
        ),
        Case(about: "documents of commands", text: "RUN <<A\n$B\nA", undefined: []),
        Case(
            about: "mounts, but for where they come from",
            text: "RUN --mount=type=cache,target=/$A,id=x$B true",
            undefined: ["2:32 $A", "2:39 $B"]
        ),
        Case(about: "network and commands", text: "RUN --network=none echo $A", undefined: []),
        Case(about: "PATH", text: "ENV PATH=$PATH:/x", undefined: []),
        Case(
            about: "platforms",
            text: "COPY $TARGETARCH /\nARG TARGETARCH\nCOPY $TARGETARCH /",
            undefined: [
                "2:6 $TARGETARCH"
            ]
        ),
        Case(about: "names beyond ASCII", text: "COPY $größe /", undefined: ["2:6 $größe"]),
        Case(about: "a trigger where it stands", text: "ONBUILD COPY $A /", undefined: []),
        Case(
            about: "a trigger where it fires, once for all stages",
            text: "ONBUILD COPY $A /\nFROM base\nFROM base",
            undefined: ["2:14 $A"]
        ),
        Case(
            about: "what a trigger sets",
            text: "ONBUILD ENV A=1\nCOPY $A /\nFROM base\nCOPY $A /",
            undefined: ["3:6 $A"]
        ),
        Case(
            about: "triggers fire once",
            text: "ONBUILD ENV A=1\nFROM base AS c\nFROM c\nCOPY $A /",
            undefined: []
        ),
    ]

    @Test("a variable is known", arguments: cases)
    func undefined(_ example: Case) {
        var environment = LintFixture.environment
        environment.buildArguments = example.arguments
        let fixture = LintFixture("FROM scratch AS base\n" + example.text + "\n", environment: environment)
        #expect(fixture.places(of: "UndefinedVar") == example.undefined)
    }

    @Test(
        "a hint tells the way out",
        arguments: [
            ("ARG A\nFROM scratch\nCOPY $A /", "what is declared before FROM is not seen in a stage"),
            ("FROM scratch\nCOPY $TARGETOS /", "write `ARG TARGETOS` in the stage"),
            ("FROM scratch\nARG VERSION\nCOPY $VERSOIN /", "did you mean `$VERSION`?"),
            ("FROM scratch\nARG version\nCOPY $VERSION /", "did you mean `$version`?"),
            ("FROM scratch\nCOPY $NOTHING /", "declare it with ARG or ENV further up"),
        ]
    )
    func hints(text: String, hint: String) throws {
        let finding = try #require(LintFixture(text).findings(of: "UndefinedVar").first)
        #expect(finding.hint?.hasPrefix(hint) == true)
    }

    @Test("build arguments decide which stage or image is meant")
    func buildArgumentsInFrom() {
        let text = "ARG BASE=scratch\nFROM $BASE\nCOPY $A /\n"
        #expect(LintFixture(text).places(of: "UndefinedVar") == ["3:6 $A"])
        var environment = LintFixture.environment
        environment.buildArguments = ["BASE": "example.com/nobody-knows:1"]
        #expect(LintFixture(text, environment: environment).places(of: "UndefinedVar") == [])
    }

    @Test("the platform of FROM is asked of the images, expanded")
    func imagePlatform() {
        var environment = LintFixture.environment
        environment.image = { name, platform in
            name == "a:1" ? BaseImageFacts(platform: platform ?? Platform(os: "linux", architecture: "s390x")) : nil
        }
        let text = "FROM --platform=linux/arm64 a:1 AS arm64\nFROM a:1\n"
        let fixture = LintFixture(text, environment: environment)
        #expect(fixture.places(of: "InvalidBaseImagePlatform") == ["2:6 a:1"])
    }
}
