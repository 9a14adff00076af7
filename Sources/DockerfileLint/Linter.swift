package import DockerfileSyntax
package import SourceDiagnostics

/// Looks a Dockerfile over with a set of rules.
///
/// Takes any syntax, also that of a file with errors, and time in proportion to it.
package struct Linter: Sendable {
    private let rules: RuleSet

    package init(rules: RuleSet = .build) {
        self.rules = rules
    }

    /// What the rules find in a Dockerfile.
    ///
    /// `parserWarnings` is everything the parser said; what no rule stands for is left alone. The settings are those of
    /// the file's own directive or those that replace them.
    package func report(
        on dockerfile: Dockerfile,
        source: SourceText,
        parserWarnings: [Diagnostic] = [],
        settings: CheckSettings,
        environment: LintEnvironment = LintEnvironment()
    ) -> LintReport {
        let subject = LintSubject(
            dockerfile: dockerfile,
            source: source,
            parserWarnings: parserWarnings,
            settings: settings,
            environment: environment
        )
        let skips = InstructionSkips(in: dockerfile)
        var findings: [LintFinding] = []
        for rule in rules.rules where Self.isWanted(rule.description, by: settings) {
            var collector = FindingCollector(rule.description)
            rule.check(subject, &collector)
            findings += collector.findings.filter { finding in
                !skips.contains(rule.description.name, at: finding.diagnostic.range?.start)
            }
        }
        findings.sort { Self.place($0) < Self.place($1) }
        return LintReport(findings: findings, failsBuild: settings.failsOnWarning && !findings.isEmpty)
    }

    /// Experimental rules are asked for and cannot be skipped; the others are the other way round.
    private static func isWanted(_ rule: RuleDescription, by settings: CheckSettings) -> Bool {
        if rule.isExperimental {
            return settings.experimental.contains("all") || settings.experimental.contains(rule.name)
        }
        return !settings.skipsAll && !settings.skipped.contains(rule.name)
    }

    private static func place(_ finding: LintFinding) -> (SourceLocation, SourceLocation, String) {
        let start = SourceLocation(line: 0, column: 0)
        let range = finding.diagnostic.range ?? SourceRange(start, start)
        return (range.start, range.end, finding.rule.name)
    }
}
