import ByteStrings
import DockerfileLint
import DockerfileSyntax
import Foundation
import SourceDiagnostics
import Testing

@Suite("Long files")
struct LongFileTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: @Sendable (Int) -> String
    }

    private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
        (0..<count).map(line).joined(separator: "\n") + "\n"
    }

    private static let shapes: [Shape] = [
        Shape(testDescription: "instructions with findings") { count in
            "FROM alpine AS B\n" + lines(count) { "copy $A\($0) ${B\($0)} /c" }
        },
        Shape(testDescription: "instructions without findings") { count in
            "FROM scratch\nARG A=1\n" + lines(count) { "ENV V\($0)=$A" }
        },
        Shape(testDescription: "stages") { count in
            lines(count) { "FROM scratch AS s\($0)\nARG A\($0)=$B\nCMD x" }
        },
        Shape(testDescription: "a chain of stages") { count in
            "FROM scratch AS s0\n" + lines(count) { "FROM s\($0) AS s\($0 + 1)\nENV A\($0)=1\nARG B\($0)" }
        },
        Shape(testDescription: "words of one instruction") { count in
            "FROM scratch\nENV " + lines(count) { "TOKEN_\($0)=$V\($0) \\" } + "LAST=1\n"
        },
        Shape(testDescription: "labels of one instruction") { count in
            "FROM scratch\nLABEL " + lines(count) { "l\($0 % 50)=$V\($0) \\" } + "LAST=1\n"
        },
        Shape(testDescription: "global arguments") { count in
            lines(count) { "ARG A\($0)=$A\(max(0, $0 - 1))" } + "FROM $A\(count)\n"
        },
        Shape(testDescription: "values that double") { count in
            "FROM scratch\nENV A=xxxxxxxx\n" + lines(count) { _ in "ENV A=$A$A" }
        },
        Shape(testDescription: "comments with settings") { count in
            "FROM scratch\n" + lines(count) { "# check=skip=UndefinedVar\nCOPY $A\($0) /" }
        },
        Shape(testDescription: "triggers and stages that fire them") { count in
            "FROM scratch AS base\n" + lines(count / 2) { "ONBUILD COPY $A\($0) /" }
                + lines(count / 2) { _ in "FROM base" }
        },
    ]

    @Test("a file of thousands of lines is looked over, and no rule floods the report", arguments: shapes)
    func longFiles(_ shape: Shape) {
        let text = shape.text(3_000)
        let source = SourceText(name: "Dockerfile", bytes: Array(text.utf8))
        let parsed = DockerfileParser().parse(source)
        let report = Linter(rules: .lint).report(
            on: parsed.value,
            source: source,
            parserWarnings: parsed.diagnostics,
            settings: CheckSettings(),
            environment: LintFixture.environment
        )
        #expect(report.findings.count <= 500 * RuleSet.lint.descriptions.count)
        let starts = report.findings.compactMap { $0.diagnostic.range?.start }
        #expect(starts == starts.sorted())
    }

    @Test("a rule says no more than people can read")
    func limit() {
        let fixture = LintFixture("FROM scratch\n" + Self.lines(3_000) { "COPY $A\($0) /" })
        #expect(fixture.findings(of: "UndefinedVar").count == 500)
    }
}
