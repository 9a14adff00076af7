import ByteStrings
import DockerfileLint
import DockerfileSyntax
import Foundation
import OCIModel
import SourceDiagnostics
import TestSupport

/// A Dockerfile looked over in an environment that all tests share.
struct LintFixture {
    let source: SourceText
    let parsed: Parsed<Dockerfile>
    let report: LintReport

    /// Knows three images, hides `secret…` in the context, and builds for linux/amd64.
    static let environment = LintEnvironment(
        platform: Platform(os: "linux", architecture: "amd64"),
        image: { name, _ in
            let amd64 = Platform(os: "linux", architecture: "amd64")
            switch name {
            case "example.com/base:1":
                return BaseImageFacts(
                    environment: ["BASE_VARIABLE": "base"],
                    platform: amd64,
                    triggers: ["ENV FROM_TRIGGER=1", "COPY $A_TRIGGER_S_OWN /", "nonsense"]
                )
            case "example.com/tools:1":
                return BaseImageFacts(platform: Platform(os: "linux", architecture: "arm64"))
            case "example.com/shell:1": return BaseImageFacts(platform: amd64, hasShell: true)
            default: return nil
            }
        },
        hiddenBy: { path in path.hasPrefix("secret") ? "secret*" : nil }
    )

    init(
        _ text: String,
        rules: RuleSet = .lint,
        settings: CheckSettings? = nil,
        environment: LintEnvironment = LintFixture.environment
    ) {
        source = SourceText(name: "Dockerfile", bytes: Array(text.utf8))
        parsed = DockerfileParser().parse(source)
        report = Linter(rules: rules).report(
            on: parsed.value,
            source: source,
            parserWarnings: parsed.diagnostics,
            settings: settings ?? parsed.value.checks,
            environment: environment
        )
    }

    /// The names of the rules that found something, in the order of the file.
    var names: [String] { report.findings.map(\.rule.name) }

    /// What one rule found.
    func findings(of rule: String) -> [Diagnostic] {
        report.findings.filter { $0.rule.name == rule }.map(\.diagnostic)
    }

    /// `line:column text` of what one rule found, the text being that of the marked range.
    func places(of rule: String) -> [String] {
        findings(of: rule).map { diagnostic in
            guard let range = diagnostic.range else { return "nowhere" }
            let line = source.line(range.start.line)
            let end = range.end.line == range.start.line ? range.end.column - 1 : line.count
            let marked = line.dropFirst(range.start.column - 1).prefix(end - range.start.column + 1)
            return "\(range.start.line):\(range.start.column) \(String(decoding: marked, as: UTF8.self))"
        }
    }
}
