import SourceDiagnostics

extension PlanErrors {
    /// One error at one place.
    init(_ id: DiagnosticID, _ message: String, at range: SourceRange?, hint: String? = nil) {
        self.init([Diagnostic(severity: .error, id: id, message: message, range: range, hint: hint)])
    }
}
