import SourceDiagnostics

/// A rule that only the parser can check: its warnings of the rule's name are the findings.
struct ParserWarningRule: LintRule {
    let description: RuleDescription

    static let noEmptyContinuation = ParserWarningRule(
        description: RuleDescription(
            name: "NoEmptyContinuation",
            summary: "A continued instruction has no empty lines inside."
        )
    )

    static let invalidCheck = ParserWarningRule(
        description: RuleDescription(
            name: "InvalidCheck",
            summary: "The check directive holds only settings that exist."
        )
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for warning in subject.parserWarnings where warning.id.rawValue == description.name { findings.add(warning) }
    }
}
