import BuildInterface
import BuildPlanning
import BuildSolving
import DockerfileLint
import DockerfileSyntax
import ByteStrings
import SourceDiagnostics

/// Turns the errors of the modules below into what a front end shows.
enum FailureText {
    /// Something the user asked for that cannot be.
    static func usage(_ message: String, hint: String? = nil) -> BuildFailure {
        BuildFailure(
            kind: .usage,
            diagnostics: [Diagnostic(severity: .error, id: "usage", message: message, hint: hint)]
        )
    }

    /// Something that failed without a place in the Dockerfile.
    static func build(_ message: String, hint: String? = nil) -> BuildFailure {
        BuildFailure(
            kind: .build,
            diagnostics: [Diagnostic(severity: .error, id: "build", message: message, hint: hint)]
        )
    }

    /// Findings of the lint rules where the Dockerfile wants none.
    static func violations(_ report: LintReport, in source: SourceText) -> BuildFailure {
        let names = Set(report.findings.map { $0.diagnostic.id.rawValue }).sorted().joined(separator: ", ")
        let summary = Diagnostic(
            severity: .error,
            id: "lint",
            message: "lint violation found for rules: \(names)",
            hint: "mend what is said above, or leave `error=true` out of the check directive"
        )
        let findings = report.findings.map { finding in
            var diagnostic = finding.diagnostic
            diagnostic.severity = .error
            return diagnostic
        }
        return BuildFailure(kind: .build, diagnostics: findings + [summary], source: source)
    }

    /// Any error, with the Dockerfile it belongs to.
    static func failure(_ error: any Error, in source: SourceText?) -> BuildFailure {
        switch error {
        case let failure as BuildFailure: return failure
        case let errors as PlanErrors:
            return BuildFailure(kind: .build, diagnostics: errors.diagnostics, source: source)
        case let error as SolveError: return failure(error, in: source)
        case is CancellationError:
            let diagnostic = Diagnostic(severity: .error, id: "cancelled", message: "the build was cancelled")
            return BuildFailure(kind: .cancelled, diagnostics: [diagnostic])
        // Every document we write has a JSON form, and malformed ones of others have errors of their own.
        case is EncodingError, is DecodingError: return defect("\(error)")
        default: return build("\(error)")
        }
    }

    /// Something that no module says can happen: a fault of slipway itself.
    private static func defect(_ message: String) -> BuildFailure {
        let diagnostic = Diagnostic(
            severity: .error,
            id: "defect",
            message: "internal error: \(message)",
            hint: "this is a fault of slipway; please report it with the Dockerfile"
        )
        return BuildFailure(kind: .defect, diagnostics: [diagnostic])
    }

    /// Any error about a base image, with the FROM that names it.
    static func failure(
        _ error: any Error,
        of image: ImageRequest,
        in dockerfile: Dockerfile,
        _ source: SourceText
    ) -> BuildFailure {
        var failure = failure(error, in: source)
        guard failure.source == nil, let range = place(of: image, in: dockerfile) else { return failure }
        failure.source = source
        let stages = dockerfile.stages.compactMap { $0.from.syntax.stageName?.description }
        let stage = Suggestion.closest(to: image.name.description, among: stages)
        for index in failure.diagnostics.indices {
            failure.diagnostics[index].range = range
            if let stage { failure.diagnostics[index].notes.append("there is a stage `\(stage)`: did you mean that?") }
        }
        return failure
    }

    /// The first FROM or `--from` that names the image.
    private static func place(of image: ImageRequest, in dockerfile: Dockerfile) -> SourceRange? {
        for stage in dockerfile.stages {
            if stage.from.syntax.image == image.name { return stage.from.range }
            for instruction in stage.instructions {
                if case .copy(let copy) = instruction.syntax, copy.from == image.name { return instruction.range }
            }
        }
        return nil
    }

    private static func failure(_ error: SolveError, in source: SourceText?) -> BuildFailure {
        let diagnostic = Diagnostic(
            severity: .error,
            id: "step-failed",
            message: "failed to solve: \(error)",
            range: error.step.range,
            hint: error.hint
        )
        guard case .commandFailed(let step, _, _, let lines, let logFile, _) = error else {
            return BuildFailure(kind: .build, diagnostics: [diagnostic], source: source)
        }
        let command = FailedCommand(title: step.title, lastLines: lines, logFile: logFile?.description)
        return BuildFailure(kind: .build, diagnostics: [diagnostic], source: source, command: command)
    }
}
