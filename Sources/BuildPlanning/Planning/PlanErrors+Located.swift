import SourceDiagnostics

extension PlanErrors {
    /// One error at one place.
    init(_ id: DiagnosticID, _ message: String, at range: SourceRange?, hint: String? = nil, notes: [String] = []) {
        self.init([
            Diagnostic(severity: .error, id: id, message: message, range: range, notes: notes, hint: hint)
        ])
    }

    /// Several that were found one after another, in the order of the file; nil when there is none.
    init?(collected diagnostics: [Diagnostic]) {
        if diagnostics.isEmpty { return nil }
        self.init(
            diagnostics.enumerated().sorted { left, right in
                let lines = (left.element.range?.start, right.element.range?.start)
                guard let first = lines.0, let second = lines.1, first != second else {
                    return left.offset < right.offset
                }
                return first < second
            }.map(\.element)
        )
    }
}
