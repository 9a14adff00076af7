package import SourceDiagnostics

/// Why a Dockerfile cannot be built as asked: at least one error with its place.
package struct PlanErrors: Error, Hashable, Sendable {
    package var diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }
}

extension PlanErrors: CustomStringConvertible {
    package var description: String {
        diagnostics.map(\.message).joined(separator: "; ")
    }
}
