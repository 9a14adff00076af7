/// Writes diagnostics for people, or for programs.
///
/// For people: a message line in the form every editor knows, the place in the text with a mark under it, notes and the
/// hint. For programs: one JSON object a line.
package struct DiagnosticPrinter: Sendable {
    /// For whom to write.
    package enum Format: Hashable, Sendable {
        case text
        case jsonLines
    }

    private let format: Format
    private let contextLines: Int

    /// A printer that shows `contextLines` lines before and after what it marks.
    package init(format: Format = .text, contextLines: Int = 2) {
        self.format = format
        self.contextLines = max(0, contextLines)
    }

    /// The diagnostic as text that ends in a line feed; `source` is the text its range is of, or nil.
    package func render(_ diagnostic: Diagnostic, in source: SourceText?) -> String {
        switch format {
        case .text: text(diagnostic, source)
        case .jsonLines: diagnostic.json(file: source?.name).text + "\n"
        }
    }

    /// All of them, one after another, with an empty line between two for people.
    package func render(_ diagnostics: [Diagnostic], in source: SourceText?) -> String {
        diagnostics.map { render($0, in: source) }.joined(separator: format == .text ? "\n" : "")
    }

    private func text(_ diagnostic: Diagnostic, _ source: SourceText?) -> String {
        var text = ""
        if let source {
            text += source.name + ":"
            if let start = diagnostic.range?.start { text += "\(start.line):\(start.column):" }
            text += " "
        }
        text += "\(diagnostic.severity.rawValue): \(shown(diagnostic.message))"
        // Only rules of their own name are worth looking up or switching off.
        if diagnostic.severity == .warning { text += " [\(diagnostic.id)]" }
        text += "\n"
        if let source, let range = diagnostic.range {
            text += SourceExcerpt(of: source, marking: range, contextLines: contextLines).text
        }
        for note in diagnostic.notes { text += "note: \(shown(note))\n" }
        if let hint = diagnostic.hint { text += "hint: \(shown(hint))\n" }
        if let documentation = diagnostic.documentation { text += "see: \(shown(documentation))\n" }
        return text
    }

    private func shown(_ message: String) -> String {
        message.utf8.contains(UInt8(ascii: "\n"))
            ? message.split(separator: "\n", omittingEmptySubsequences: false)
                .map { VisibleText(Array($0.utf8)[...]).text }.joined(separator: "\n")
            : VisibleText(Array(message.utf8)[...]).text
    }
}
