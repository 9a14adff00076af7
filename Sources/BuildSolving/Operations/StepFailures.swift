import BuildContexts
import BuildPlanning
import ContainerSandbox
import LayerSnapshots
import LinuxSystem
import SystemPackage

/// Turns what went wrong in a step into words for people.
enum StepFailures {
    /// The error with its step, and the way out where there is a known one.
    static func describe(_ error: any Error, _ step: Step) -> SolveError {
        switch error {
        case let failure as SolveFailure:
            .stepFailed(step: step, reason: failure.description, hint: failure.hint)
        case ContextError.notFound(let path, let nearest, let hiddenBy):
            .stepFailed(
                step: step,
                reason: "failed to compute cache key: `\(path)` not found in \(origin(of: step))",
                hint: hiddenBy.map { "line \($0.line) of \($0.file) ignores it: `\($0.text)`" }
                    ?? nearest.map { "the nearest that exists is `\($0)`" }
            )
        case let error as SystemError where error.errno == .noSpace:
            .stepFailed(
                step: step,
                reason: error.description,
                hint: "free space on the disk of the state directory, or choose another with --root"
            )
        default: .stepFailed(step: step, reason: "\(error)", hint: nil)
        }
    }

    private static func origin(of step: Step) -> String {
        guard case .copy(let copy) = step.operation else { return "the build context" }
        return switch copy.origin {
        case .context(nil): "the build context"
        case .context(.some(let name)): "the build context `\(name)`"
        case .step: "the stage it is copied from"
        case .nothing: "the empty image"
        }
    }
}
