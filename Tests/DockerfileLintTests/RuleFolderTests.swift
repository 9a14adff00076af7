import ByteStrings
import DockerfileLint
import DockerfileSyntax
import Foundation
import SourceDiagnostics
import TestSupport
import Testing

@Suite("Rules and the Dockerfiles of their folders")
struct RuleFolderTests {
    private static let folder = Testdata.root.appendingPathComponent("lint")
    private static let rules = RuleSet.lint.descriptions.map(\.name)

    private static func text(_ rule: String, _ file: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent("\(rule)/\(file)"), encoding: .utf8)
    }

    private static func files(_ rule: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(rule).path)
            .filter { $0.hasSuffix(".Dockerfile") }.sorted()
    }

    private static func lint(_ text: String) -> LintFixture {
        var settings = DockerfileParser().parse(SourceText(name: "Dockerfile", bytes: Array(text.utf8))).value.checks
        settings.experimental = ["all"]
        return LintFixture(text, settings: settings)
    }

    @Test("every folder belongs to a rule, and every rule has one")
    func folders() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(names.sorted() == Self.rules)
    }

    @Test("no Dockerfile of a folder has errors", arguments: rules)
    func parses(rule: String) throws {
        for file in try Self.files(rule) {
            #expect(Self.lint(try Self.text(rule, file)).parsed.diagnostics.filter { $0.severity == .error } == [])
        }
    }

    @Test("what is good gives its rule nothing to say", arguments: rules)
    func good(rule: String) throws {
        let fixture = Self.lint(try Self.text(rule, "good.Dockerfile"))
        #expect(fixture.places(of: rule) == [])
    }

    @Test("what is bad gives the findings on record", arguments: rules)
    func bad(rule: String) throws {
        var recorded = ""
        for file in try Self.files(rule) where file != "good.Dockerfile" {
            let fixture = Self.lint(try Self.text(rule, file))
            let findings = fixture.findings(of: rule)
            if file == "bad.Dockerfile" { #expect(!findings.isEmpty) }
            recorded += "== \(file)\n"
            recorded += DiagnosticPrinter(contextLines: 0).render(findings, in: fixture.source)
        }
        let golden = Self.folder.appendingPathComponent("\(rule)/findings.txt")
        if ProcessInfo.processInfo.environment["SLIPWAY_RECORD"] == "1" {
            try Data(recorded.utf8).write(to: golden)
            Issue.record("recorded \(golden.path)")
        }
        #expect(try String(contentsOf: golden, encoding: .utf8) == recorded)
    }

    @Test("every finding has its rule's name, a page, a hint and a place inside the file", arguments: rules)
    func shape(rule: String) throws {
        for file in try Self.files(rule) {
            let fixture = Self.lint(try Self.text(rule, file))
            for finding in fixture.report.findings {
                let diagnostic = finding.diagnostic
                #expect(diagnostic.id.rawValue == finding.rule.name)
                #expect(diagnostic.severity == .warning)
                #expect(diagnostic.documentation == "docs/rules/\(finding.rule.name).md")
                #expect(diagnostic.hint?.isEmpty == false)
                #expect(!diagnostic.message.hasSuffix("."))
                let range = try #require(diagnostic.range)
                #expect(range.start <= range.end)
                #expect(range.start.line >= 1 && range.end.line <= fixture.source.lineCount)
            }
        }
    }

    @Test("a finding marks no whole instruction of several lines", arguments: rules)
    func sharpness(rule: String) throws {
        for file in try Self.files(rule) {
            let fixture = Self.lint(try Self.text(rule, file))
            for finding in fixture.findings(of: rule) {
                let range = try #require(finding.range)
                #expect(range.start.line == range.end.line)
            }
        }
    }

    @Test("files cut off anywhere are looked over without a trap", arguments: rules)
    func prefixes(rule: String) throws {
        for file in try Self.files(rule) {
            let text = try Self.text(rule, file)
            for length in stride(from: 0, to: text.utf8.count, by: 7) {
                let part = String(decoding: text.utf8.prefix(length), as: UTF8.self)
                let fixture = Self.lint(part)
                #expect(fixture.report.findings.allSatisfy { $0.diagnostic.range != nil })
            }
        }
    }
}
