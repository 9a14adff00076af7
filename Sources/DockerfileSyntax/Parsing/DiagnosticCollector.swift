import SourceDiagnostics

/// Keeps what a reader can use of any number of diagnostics.
struct DiagnosticCollector {
    /// More errors than these help nobody: a file with so many is no Dockerfile.
    private static let mostErrors = 200
    /// Warnings beyond these are dropped.
    private static let mostWarnings = 1_000

    private(set) var diagnostics: [Diagnostic] = []
    private(set) var errorCount = 0

    /// Whether there are as many errors as anybody will read.
    var isFull: Bool { errorCount >= Self.mostErrors }

    mutating func add(_ found: [Diagnostic]) {
        for diagnostic in found {
            if diagnostic.severity == .error {
                errorCount += 1
            } else if diagnostics.count - errorCount >= Self.mostWarnings {
                continue
            }
            diagnostics.append(diagnostic)
        }
    }
}
