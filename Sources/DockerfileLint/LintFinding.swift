package import SourceDiagnostics

/// One thing that a rule found.
package struct LintFinding: Hashable, Sendable {
    package var rule: RuleDescription
    /// A warning with the rule's name and page.
    package var diagnostic: Diagnostic

    package init(rule: RuleDescription, diagnostic: Diagnostic) {
        self.rule = rule
        self.diagnostic = diagnostic
    }
}
