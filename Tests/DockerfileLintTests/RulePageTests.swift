import DockerfileLint
import DockerfileSyntax
import Foundation
import SourceDiagnostics
import TestSupport
import Testing

@Suite("Rules and their pages")
struct RulePageTests {
    private static let folder = Testdata.repository.appendingPathComponent("docs/rules")
    private static let rules = RuleSet.lint.descriptions

    private static func page(_ name: String) throws -> String {
        // A summary may be wrapped.
        try String(contentsOf: folder.appendingPathComponent("\(name).md"), encoding: .utf8)
    }

    /// The code blocks below a heading.
    private static func examples(_ heading: String, in page: String) -> [String] {
        guard let start = page.range(of: "## \(heading)\n") else { return [] }
        let rest = page[start.upperBound...]
        let section = rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
        return section.components(separatedBy: "```dockerfile\n").dropFirst().compactMap { part in
            part.range(of: "```").map { String(part[..<$0.lowerBound]) }
        }
    }

    @Test("there is a page for every rule, and no other")
    func pages() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        #expect(files == (Self.rules.map { "\($0.name).md" } + ["README.md"]).sorted())
    }

    @Test("a page has its rule's name, its sentence and every section", arguments: rules)
    func sections(rule: RuleDescription) throws {
        let page = try Self.page(rule.name)
        #expect(page.hasPrefix("# \(rule.name)\n"))
        #expect(page.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains("**\(rule.summary)**"))
        let switches = rule.isExperimental ? "Switching it on" : "Switching it off"
        for heading in ["What it finds", "Why it matters", "Bad", "Good", switches] {
            #expect(page.contains("\n## \(heading)\n"), "\(heading)")
        }
        #expect(page.contains(rule.isExperimental ? "check=experimental=\(rule.name)" : "check=skip=\(rule.name)"))
    }

    @Test("the index lists every rule with its sentence, those of a build apart from the others")
    func index() throws {
        let index = try Self.page("README")
        for rule in Self.rules { #expect(index.contains("| [\(rule.name)](\(rule.name).md) | \(rule.summary)")) }
        let build = try #require(index.range(of: "## In every build")?.upperBound)
        let lint = try #require(index.range(of: "## In `slipway lint` only")?.lowerBound)
        let listed = index[build..<lint].split(separator: "\n").filter { $0.hasPrefix("| [") }
        #expect(listed.count == RuleSet.build.descriptions.count)
    }

    @Test("the bad example of a page is found, the good one is not", arguments: rules)
    func examples(rule: RuleDescription) throws {
        let page = try Self.page(rule.name)
        let bad = Self.examples("Bad", in: page)
        let good = Self.examples("Good", in: page)
        #expect(bad.count == 1 && good.count == 1)
        func found(_ text: String) -> Int {
            var settings = LintFixture(text).parsed.value.checks
            settings.experimental = ["all"]
            let fixture = LintFixture(text, settings: settings)
            #expect(!fixture.parsed.hasErrors)
            return fixture.findings(of: rule.name).count
        }
        for text in bad { #expect(found(text) > 0) }
        for text in good { #expect(found(text) == 0) }
    }

    @Test("names are unique, sentences are sentences")
    func descriptions() {
        #expect(Set(Self.rules.map(\.name)).count == Self.rules.count)
        for rule in Self.rules {
            #expect(rule.summary.hasSuffix(".") && !rule.summary.dropLast().contains(". "))
            #expect(rule.page == "docs/rules/\(rule.name).md")
        }
    }

    @Test("a build goes by the rules that BuildKit has")
    func buildRules() {
        let names: Set = [
            "StageNameCasing", "FromAsCasing", "NoEmptyContinuation", "ConsistentInstructionCasing",
            "DuplicateStageName", "ReservedStageName", "JSONArgsRecommended", "MaintainerDeprecated",
            "UndefinedArgInFrom", "WorkdirRelativePath", "UndefinedVar", "MultipleInstructionsDisallowed",
            "LegacyKeyValueFormat", "InvalidBaseImagePlatform", "RedundantTargetPlatform", "SecretsUsedInArgOrEnv",
            "InvalidDefaultArgInFrom", "FromPlatformFlagConstDisallowed", "CopyIgnoredFile",
            "InvalidDefinitionDescription", "ExposeProtoCasing", "ExposeInvalidFormat",
        ]
        #expect(Set(RuleSet.build.descriptions.map(\.name)) == names.union(["InvalidCheck"]))
    }
}
