package import BuildPlanning
package import ByteStrings

/// Why a step could not be carried out.
package enum SolveError: Error, Sendable {
    /// The command of a RUN ended with something else than status 0.
    ///
    /// `hint` is the way out, where the ending tells one.
    case commandFailed(
        step: Step,
        command: String,
        ending: String,
        lastLines: [String],
        logFile: ByteString?,
        hint: String?
    )

    /// Anything else that went wrong while a step was carried out; `hint` is the way out.
    case stepFailed(step: Step, reason: String, hint: String?)
}

extension SolveError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .commandFailed(_, let command, let ending, _, _, _):
            "process `\(command)` did not complete successfully: \(ending)"
        case .stepFailed(_, let reason, _): reason
        }
    }
}

extension SolveError {
    /// The step that failed.
    package var step: Step {
        switch self {
        case .commandFailed(let step, _, _, _, _, _), .stepFailed(let step, _, _): step
        }
    }

    /// The way out, where there is a known one.
    package var hint: String? {
        switch self {
        case .commandFailed(_, _, _, _, _, let hint), .stepFailed(_, _, let hint): hint
        }
    }
}
