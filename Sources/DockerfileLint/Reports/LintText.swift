import SourceDiagnostics

/// What was found in Dockerfiles as plain text, or as JSON for editors.
package struct LintText: Sendable {
    private let files: [LintedFile]

    package init(_ files: [LintedFile]) {
        self.files = files
    }

    /// For people: every finding with its lines and a mark under it, and how many each file has.
    package var text: String {
        files.map { file in
            let found = DiagnosticPrinter().render(file.diagnostics, in: file.source)
            return found + (found.isEmpty ? "" : "\n") + Self.summary(file) + "\n"
        }.joined(separator: "\n")
    }

    /// For programs: one array with an object for each finding.
    package var json: String {
        let nodes = files.flatMap { file in file.diagnostics.map { $0.json(file: file.source.name) } }
        return JSONNode.array(nodes).indentedText + "\n"
    }

    /// How many errors and warnings there are, in words.
    private static func summary(_ file: LintedFile) -> String {
        let errors = file.diagnostics.count { $0.severity == .error }
        let counts = [(errors, "error"), (file.diagnostics.count - errors, "warning")].filter { $0.0 > 0 }
        if counts.isEmpty { return "\(file.source.name): nothing found" }
        let parts = counts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        return "\(file.source.name): \(parts.joined(separator: ", "))"
    }
}
