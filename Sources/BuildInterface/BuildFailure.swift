package import SourceDiagnostics

/// Why a build ended without a result, with all that a front end needs to explain it.
package struct BuildFailure: Error, Sendable {
    /// What to blame.
    package enum Kind: Hashable, Sendable {
        /// The Dockerfile, the context or a command of it.
        case build

        /// What was asked for on the command line.
        case usage

        /// slipway itself.
        case defect

        /// The user stopped it.
        case cancelled
    }

    package var kind: Kind

    /// What is wrong, in the order of the file.
    package var diagnostics: [Diagnostic]

    /// The Dockerfile that the ranges of the diagnostics point into; nil when it could not be read.
    package var source: SourceText?

    /// The command that failed; nil when it was not a command.
    package var command: FailedCommand?

    package init(
        kind: Kind,
        diagnostics: [Diagnostic],
        source: SourceText? = nil,
        command: FailedCommand? = nil
    ) {
        self.kind = kind
        self.diagnostics = diagnostics
        self.source = source
        self.command = command
    }
}

extension BuildFailure: CustomStringConvertible {
    package var description: String {
        diagnostics.map(\.message).joined(separator: "; ")
    }
}

/// A command that ended a build.
package struct FailedCommand: Sendable {
    /// The step's title, as progress shows it.
    package var title: String

    /// The last lines it wrote, oldest first.
    package var lastLines: [String]

    /// The file that holds all it wrote; nil when none was kept.
    package var logFile: String?

    package init(title: String, lastLines: [String], logFile: String?) {
        self.title = title
        self.lastLines = lastLines
        self.logFile = logFile
    }
}
