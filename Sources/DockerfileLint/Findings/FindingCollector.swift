import SourceDiagnostics

/// Takes what one rule finds.
struct FindingCollector {
    /// More findings of one rule help nobody.
    private static let mostFindings = 500

    private let rule: RuleDescription
    private(set) var findings: [LintFinding] = []
    private var places: Set<Place> = []

    private struct Place: Hashable {
        var message: String
        var range: SourceRange?
    }

    init(_ rule: RuleDescription) {
        self.rule = rule
    }

    /// Whether whatever else is found is dropped.
    var isFull: Bool { findings.count >= Self.mostFindings }

    mutating func add(_ message: String, at range: SourceRange?, notes: [String] = [], hint: String? = nil) {
        add(
            Diagnostic(
                severity: .warning,
                id: DiagnosticID(rawValue: rule.name),
                message: message,
                range: range,
                notes: notes,
                hint: hint
            )
        )
    }

    /// Adds a warning that somebody else has worded, under the rule's name.
    ///
    /// What is the same at the same place, as a trigger that fires in several stages would have it, counts once.
    mutating func add(_ diagnostic: Diagnostic) {
        let place = Place(message: diagnostic.message, range: diagnostic.range)
        guard !isFull, places.insert(place).inserted else { return }
        var diagnostic = diagnostic
        diagnostic.documentation = rule.page
        findings.append(LintFinding(rule: rule, diagnostic: diagnostic))
    }
}
