/// A message about a text, for people.
package struct Diagnostic: Hashable, Sendable {
    package var severity: Severity
    package var id: DiagnosticID
    /// What is wrong, in lower case, with no full stop at its end and values in backquotes.
    package var message: String
    /// The part of the text meant, or nil when it is no part of it.
    package var range: SourceRange?
    /// More about the same, a line each.
    package var notes: [String]
    /// What to do about it, or nil.
    package var hint: String?
    /// The address of a page about it, or nil.
    package var documentation: String?

    package init(
        severity: Severity,
        id: DiagnosticID,
        message: String,
        range: SourceRange? = nil,
        notes: [String] = [],
        hint: String? = nil,
        documentation: String? = nil
    ) {
        self.severity = severity
        self.id = id
        self.message = message
        self.range = range
        self.notes = notes
        self.hint = hint
        self.documentation = documentation
    }
}
