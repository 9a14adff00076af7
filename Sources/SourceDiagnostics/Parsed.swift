/// What was made of a text, and everything there was to say about it.
///
/// With an error among the diagnostics the value is what could be understood; it is of no use but for more messages.
package struct Parsed<Value: Sendable>: Sendable {
    package var value: Value
    /// In the order of the text.
    package var diagnostics: [Diagnostic]

    package init(_ value: Value, diagnostics: [Diagnostic] = []) {
        self.value = value
        self.diagnostics = diagnostics
    }

    /// Whether any diagnostic is an error.
    package var hasErrors: Bool {
        diagnostics.contains { $0.severity == .error }
    }
}
