import ByteStrings
import DockerfileLint
import DockerfileSyntax
import Foundation
import SourceDiagnostics
import Testing

@Suite("Reports as documents")
struct ReportTests {
    private static let text = "FROM scratch AS B\nCOPY $A \\\n  \"ö\" $Bö /\nMAINTAINER \"x\u{1B}\"\n"

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    // MARK: BuildKit's shape

    @Test("a check document has the fields of BuildKit's, and leaves out what is empty")
    func checkDocument() throws {
        let fixture = LintFixture("FROM scratch\n  MAINTAINER me\ncmd x\n", rules: .build)
        let document = CheckDocument(fixture.report, source: fixture.source, pages: "https://example.com/")
        #expect(
            document.text == """
                {
                  "warnings": [
                    {
                      "ruleName": "MaintainerDeprecated",
                      "description": "The author of an image is named by a label.",
                      "url": "https://example.com/docs/rules/MaintainerDeprecated.md",
                      "detail": "MAINTAINER is out of use: a label says the same where more programs find it",
                      "location": {
                        "ranges": [
                          {
                            "start": {
                              "line": 2,
                              "character": 2
                            },
                            "end": {
                              "line": 2,
                              "character": 12
                            }
                          }
                        ]
                      }
                    },
                    {
                      "ruleName": "ConsistentInstructionCasing",
                      "description": "All instructions of a file are named in capitals, or all in small letters.",
                      "url": "https://example.com/docs/rules/ConsistentInstructionCasing.md",
                      "detail": "`cmd` is not written in capitals as most instructions here are",
                      "location": {
                        "ranges": [
                          {
                            "start": {
                              "line": 3
                            },
                            "end": {
                              "line": 3,
                              "character": 3
                            }
                          }
                        ]
                      }
                    },
                    {
                      "ruleName": "JSONArgsRecommended",
                      "description": "CMD and ENTRYPOINT are JSON arrays, so that signals reach the program itself.",
                      "url": "https://example.com/docs/rules/JSONArgsRecommended.md",
                      "detail": "CMD in shell form runs the program below a shell, which keeps signals from it",
                      "location": {
                        "ranges": [
                          {
                            "start": {
                              "line": 3
                            },
                            "end": {
                              "line": 3,
                              "character": 3
                            }
                          }
                        ]
                      }
                    }
                  ],
                  "sources": [
                    {
                      "filename": "Dockerfile",
                      "data": "RlJPTSBzY3JhdGNoCiAgTUFJTlRBSU5FUiBtZQpjbWQgeAo=",
                      "language": "Dockerfile"
                    }
                  ]
                }

                """
        )
    }

    @Test("a check document says why nothing can be built")
    func buildError() throws {
        let fixture = LintFixture("FROM scratch\nNONSENSE\n", rules: .build)
        let error = try #require(fixture.parsed.diagnostics.first { $0.severity == .error })
        let document = CheckDocument(fixture.report, source: fixture.source, buildError: error)
        let build = try #require(try object(document.text)["buildError"] as? [String: Any])
        #expect(build["message"] as? String == error.message)
        let ranges = try #require((build["location"] as? [String: Any])?["ranges"] as? [[String: [String: Int]]])
        #expect(ranges == [["start": ["line": 2], "end": ["line": 2, "character": 8]]])
        let clean = try object(CheckDocument(LintReport(), source: fixture.source).text)
        #expect(clean["buildError"] == nil)
        #expect((clean["warnings"] as? [Any])?.isEmpty == true)
    }

    @Test("the file comes back from its base64", arguments: ["", "F", "FR", "FRO", "FROM", "FROM scratch\n# ö\u{0}"])
    func data(text: String) throws {
        let source = SourceText(name: "Dockerfile", bytes: Array(text.utf8))
        let document = try object(CheckDocument(LintReport(), source: source).text)
        let file = try #require((document["sources"] as? [[String: String]])?.first)
        #expect(Data(base64Encoded: file["data"] ?? "") == Data(text.utf8))
        #expect((file["data"] == nil) == text.isEmpty)
    }

    // MARK: SARIF

    @Test("a SARIF log has every rule, and results that point into the list")
    func sarif() throws {
        let fixture = LintFixture(Self.text)
        let document = SARIFDocument(
            [LintedFile(fixture.report, source: fixture.source)],
            rules: .lint,
            version: "1.2.3",
            pages: "https://example.com/"
        )
        let log = try object(document.text)
        #expect(log["version"] as? String == "2.1.0")
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        #expect(run["columnKind"] as? String == "unicodeCodePoints")
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        #expect(driver["name"] as? String == "slipway")
        #expect(driver["version"] as? String == "1.2.3")
        let rules = try #require(driver["rules"] as? [[String: Any]])
        #expect(rules.map { $0["id"] as? String } == RuleSet.lint.descriptions.map(\.name))
        #expect(rules.allSatisfy { ($0["helpUri"] as? String)?.hasPrefix("https://example.com/docs/rules/") == true })
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count == fixture.report.findings.count)
        for (result, finding) in zip(results, fixture.report.findings) {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
            #expect(result["ruleId"] as? String == finding.rule.name)
            #expect(result["level"] as? String == "warning")
            let text = try #require((result["message"] as? [String: String])?["text"])
            #expect(text.hasPrefix(finding.diagnostic.message))
            let location = try #require((result["locations"] as? [[String: Any]])?.first)
            let place = try #require(location["physicalLocation"] as? [String: Any])
            #expect((place["artifactLocation"] as? [String: Any])?["uri"] as? String == "Dockerfile")
            let region = try #require(place["region"] as? [String: Int])
            #expect(region["startLine"] == finding.diagnostic.range?.start.line)
            #expect(region.values.allSatisfy { $0 >= 1 })
        }
    }

    @Test("columns of a SARIF log count characters, not bytes")
    func sarifColumns() throws {
        let fixture = LintFixture(Self.text)
        let finding = try #require(fixture.report.findings.first { $0.diagnostic.message.contains("$Bö") })
        let report = LintReport(findings: [finding])
        let text = SARIFDocument([LintedFile(report, source: fixture.source)], rules: .lint).text
        for field in ["\"startLine\": 3", "\"startColumn\": 7", "\"endLine\": 3", "\"endColumn\": 10"] {
            #expect(text.contains(field), "\(field)")
        }
        #expect(!text.contains("helpUri"))
    }

    @Test(
        "file names are addresses",
        arguments: [
            ("Dockerfile", "Dockerfile"), ("a b/ö.Dockerfile", "a%20b/%C3%B6.Dockerfile"),
            ("/srv/Dockerfile", "file:///srv/Dockerfile"), ("a:b?c#d%", "a%3Ab%3Fc%23d%25"),
        ]
    )
    func addresses(name: String, address: String) {
        let source = SourceText(name: name, bytes: [])
        #expect(
            SARIFDocument([LintedFile(LintReport(), source: source)], rules: .build).text.contains(
                "\"uri\": \"\(address)\""
            )
        )
    }

    @Test("mistakes of the syntax are results of their own")
    func sarifErrors() throws {
        let fixture = LintFixture("FROM scratch\nNONSENSE\n")
        let errors = fixture.parsed.diagnostics.filter { $0.severity == .error }
        let file = LintedFile(fixture.report, errors: errors, source: fixture.source)
        let log = try object(SARIFDocument([file], rules: .lint).text)
        let results = try #require((log["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]])
        #expect(results.first?["level"] as? String == "error")
        #expect(results.first?["ruleId"] as? String == "UnknownInstruction")
        #expect(results.first?["ruleIndex"] == nil)
    }

    // MARK: Text

    @Test("plain text shows every finding and counts them")
    func plainText() {
        let fixture = LintFixture("FROM alpine:3.20\nMAINTAINER me\n")
        #expect(
            LintText([LintedFile(fixture.report, source: fixture.source)]).text == """
                Dockerfile:2:1: warning: MAINTAINER is out of use: a label says the same where more programs find it \
                [MaintainerDeprecated]
                    1 | FROM alpine:3.20
                >>> 2 | MAINTAINER me
                      | ^~~~~~~~~~
                hint: write `LABEL org.opencontainers.image.authors="me"`
                see: docs/rules/MaintainerDeprecated.md

                Dockerfile: 1 warning

                """
        )
    }

    @Test(
        "the summary counts in words",
        arguments: [(0, 0, "nothing found"), (1, 2, "1 error, 2 warnings"), (2, 0, "2 errors")]
    )
    func summary(errors: Int, warnings: Int, words: String) {
        let warning = Diagnostic(severity: .warning, id: "A", message: "a")
        let error = Diagnostic(severity: .error, id: "B", message: "b")
        let finding = LintFinding(rule: RuleDescription(name: "A", summary: "A."), diagnostic: warning)
        let report = LintReport(findings: Array(repeating: finding, count: warnings))
        let source = SourceText(name: "x", bytes: [])
        let file = LintedFile(report, errors: Array(repeating: error, count: errors), source: source)
        #expect(LintText([file]).text.hasSuffix("x: \(words)\n"))
    }

    @Test("JSON for editors has an object for each finding of each file")
    func editors() throws {
        let fixture = LintFixture(Self.text)
        let file = LintedFile(fixture.report, source: fixture.source)
        let text = LintText([file, file]).json
        let array = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        #expect(array.count == fixture.report.findings.count * 2)
        #expect(array.allSatisfy { $0["file"] as? String == "Dockerfile" && $0["id"] != nil && $0["start"] != nil })
        #expect(LintText([LintedFile(LintReport(), source: fixture.source)]).json == "[]\n")
    }

    @Test("a log about several files tells them apart")
    func severalFiles() throws {
        let first = LintFixture("FROM scratch\nMAINTAINER me\n")
        let second = SourceText(name: "other", bytes: first.source.bytes)
        let files = [
            LintedFile(first.report, source: first.source), LintedFile(first.report, source: second),
        ]
        let log = try object(SARIFDocument(files, rules: .lint).text)
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let results = try #require(run["results"] as? [[String: Any]])
        let places = try results.map { result in
            let location = try #require((result["locations"] as? [[String: Any]])?.first)
            let file = try #require(
                (location["physicalLocation"] as? [String: Any])?["artifactLocation"] as? [String: Any]
            )
            return "\(file["index"] ?? "") \(file["uri"] ?? "")"
        }
        #expect(places == ["0 Dockerfile", "1 other"])
        #expect((run["artifacts"] as? [Any])?.count == 2)
    }

    @Test("no document hands a control character on")
    func controls() {
        let fixture = LintFixture(Self.text)
        #expect(fixture.findings(of: "MaintainerDeprecated").first?.hint?.contains("\u{1B}") == true)
        let files = [LintedFile(fixture.report, source: fixture.source)]
        let documents = [
            CheckDocument(fixture.report, source: fixture.source).text,
            SARIFDocument(files, rules: .lint).text, LintText(files).text, LintText(files).json,
        ]
        for document in documents { #expect(!document.contains("\u{1B}")) }
    }
}
