package import ByteStrings

/// Why a command could not be run to its end.
package enum CommandError: Error, Hashable, Sendable {
    /// It could not be started or followed.
    case system(ByteString, SystemError)

    /// It ran for longer than its deadline, and was killed.
    case tooLong(ByteString, Duration)

    /// It wrote more than so many bytes, and was killed.
    case tooMuchOutput(ByteString, limit: Int)
}

extension CommandError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let program, let error): "cannot run `\(program)`: \(error)"
        case .tooLong(let program, let deadline): "`\(program)` did not end within \(deadline.components.seconds) s"
        case .tooMuchOutput(let program, let limit): "`\(program)` wrote more than \(limit) bytes"
        }
    }
}
