/// How a process ended.
package enum ExitStatus: Hashable, Sendable {
    /// It ended itself with a code from 0 to 255.
    case code(Int32)
    case signal(Signal)

    /// The number that a shell shows: the code, or 128 and the signal.
    package var shellCode: Int32 {
        switch self {
        case .code(let code): code
        case .signal(let signal): 128 + signal.rawValue
        }
    }

    package var isSuccess: Bool {
        self == .code(0)
    }
}
