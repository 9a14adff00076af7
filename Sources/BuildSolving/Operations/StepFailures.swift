import BuildContexts
import BuildPlanning
import ByteStrings
import ContainerSandbox
import LayerSnapshots
import LinuxSystem
import RemoteSources
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
                reason: "failed to compute cache key: `\(path)` not found in \(origin(of: path, step))",
                hint: hiddenBy.map { "line \($0.line) of \($0.file) ignores it: `\($0.text)`" }
                    ?? nearest.map { "the nearest that exists is `\($0)`" }
                    ?? absenceHint(step)
            )
        case ContextError.notDirectory(let path):
            .stepFailed(
                step: step,
                reason: "\(error)",
                hint: "a file is where a folder is wanted: choose another path than one below `\(path)`"
            )
        case let error as RemoteSourceError:
            .stepFailed(step: step, reason: error.description, hint: error.hint)
        case let error as SystemError where error.errno == .fileNameTooLong:
            .stepFailed(
                step: step,
                reason: error.description,
                hint: "a name has at most 255 bytes, and a path at most 4095"
            )
        case let error as SystemError where error.errno == .noSpace:
            .stepFailed(
                step: step,
                reason: error.description,
                hint: "free space on the disk of the state directory, or choose another with --root"
            )
        case ExecutorError.refused(let refusal):
            .stepFailed(step: step, reason: refusal.description, hint: refusal.remedy)
        default: .stepFailed(step: step, reason: "\(error)", hint: nil)
        }
    }

    /// What to do about a source that is nowhere.
    private static func absenceHint(_ step: Step) -> String? {
        guard case .copy(let copy) = step.operation else { return nil }
        switch copy.origin {
        case .context(nil):
            return """
                sources are paths below the build context, whose top `..` never leaves: choose a context that holds the \
                file, or add its folder with --build-context
                """
        case .context, .nothing: return nil
        case .step: return "look at what the stage has with `RUN ls` there; `--from` paths start at its root"
        }
    }

    /// Where `path` was looked for: the origin of the copy, or of the first mount of that path.
    private static func origin(of path: ByteString, _ step: Step) -> String {
        let origin: FileOrigin? =
            switch step.operation {
            case .copy(let copy): copy.origin
            case .exec(let exec): exec.mounts.first { $0.shows(path) }?.origin
            case .image, .makeDirectory: nil
            }
        return switch origin {
        case nil, .context(nil): "the build context"
        case .context(.some(let name)): "the build context `\(name)`"
        case .step: step.operation.isExec ? "the stage it is mounted from" : "the stage it is copied from"
        case .nothing: "the empty image"
        }
    }
}

extension Operation {
    fileprivate var isExec: Bool {
        if case .exec = self { true } else { false }
    }
}

extension MountOperation {
    /// Whether the mount is of this path, written with a slash in front or without.
    fileprivate func shows(_ path: ByteString) -> Bool {
        guard case .bind(let bind) = kind else { return false }
        return bind.source.pathComponents == path.pathComponents
    }
}
