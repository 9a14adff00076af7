package import BuildInterface
package import DockerfileLint
package import SourceDiagnostics

/// What there is to say about a Dockerfile without building it.
package struct CheckResult: Sendable {
    /// The Dockerfile that was looked at.
    package var source: SourceText

    /// What the lint rules found.
    package var report: LintReport

    /// Why the Dockerfile cannot be built at all; nil when it can.
    package var failure: BuildFailure?

    /// Why the Dockerfile cannot be built, as diagnostics; empty when it can.
    package var errors: [Diagnostic] { failure?.diagnostics ?? [] }

    /// Whether there is nothing to say at all.
    package var isClean: Bool { errors.isEmpty && report.findings.isEmpty }
}
