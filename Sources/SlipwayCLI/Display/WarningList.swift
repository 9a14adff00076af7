import SourceDiagnostics
import Synchronization

/// The warnings of a build, kept for its end.
final class WarningList: Sendable {
    private let warnings = Mutex<[(Diagnostic, SourceText?)]>([])

    /// Keeps one more.
    func add(_ diagnostic: Diagnostic, _ source: SourceText?) {
        warnings.withLock { $0.append((diagnostic, source)) }
    }

    /// All so far, in the order they came.
    var all: [(Diagnostic, SourceText?)] {
        warnings.withLock { $0 }
    }
}
