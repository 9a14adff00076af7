package import SourceDiagnostics

/// A Dockerfile that was looked over, and all that was found.
package struct LintedFile: Sendable {
    package var source: SourceText
    package var report: LintReport
    /// Mistakes of its syntax, which are no findings of rules.
    package var errors: [Diagnostic]

    package init(_ report: LintReport, errors: [Diagnostic] = [], source: SourceText) {
        self.source = source
        self.report = report
        self.errors = errors
    }

    /// Mistakes of the syntax, then findings, each in the order of the file.
    var diagnostics: [Diagnostic] {
        errors + report.findings.map(\.diagnostic)
    }
}
