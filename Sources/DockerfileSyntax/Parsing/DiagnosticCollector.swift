import SourceDiagnostics

/// Keeps what a reader can use of any number of diagnostics.
struct DiagnosticCollector {
    /// More errors than these help nobody: a file with so many is no Dockerfile.
    private static let mostErrors = 200
    /// Warnings beyond these are dropped.
    private static let mostWarnings = 1_000

    private static let longestMessage = 1_000

    private var diagnostics: [Diagnostic] = []
    private(set) var errorCount = 0

    /// Whether there are as many errors as anybody will read.
    var isFull: Bool { errorCount >= Self.mostErrors }

    mutating func add(_ found: some Sequence<Diagnostic>) {
        for diagnostic in found {
            if diagnostic.severity == .error {
                if isFull { continue }
                errorCount += 1
            } else if diagnostics.count - errorCount >= Self.mostWarnings {
                continue
            }
            var clipped = diagnostic
            clipped.message = Self.clipped(diagnostic.message)
            clipped.hint = diagnostic.hint.map(Self.clipped)
            diagnostics.append(clipped)
        }
    }

    /// A word of the file may have any length, a message about it may not.
    private static func clipped(_ message: String) -> String {
        guard message.utf8.count > longestMessage else { return message }
        return String(message.unicodeScalars.prefix(longestMessage)) + "…"
    }

    /// Everything in the order of the text, what is about no part of it first.
    var inOrder: [Diagnostic] {
        let start = SourceLocation(line: 0, column: 0)
        return diagnostics.enumerated()
            .sorted { left, right in
                let (first, second) = (left.element.range?.start ?? start, right.element.range?.start ?? start)
                return (first, left.offset) < (second, right.offset)
            }
            .map(\.element)
    }
}
