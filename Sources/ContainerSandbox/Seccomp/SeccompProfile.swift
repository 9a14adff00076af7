/// Which system calls are allowed, by name.
struct SeccompProfile: Sendable {
    var rules: [SeccompRule]
}

/// What happens to some system calls.
struct SeccompRule: Sendable {
    var names: [String]
    var verdict: SeccompVerdict

    init(_ names: [String], _ verdict: SeccompVerdict) {
        self.names = names
        self.verdict = verdict
    }
}

/// What happens to a system call.
enum SeccompVerdict: Hashable, Sendable {
    case allow

    /// Fails with this error number.
    case refuse(UInt16)

    /// Is allowed when its first argument passes, and else refused with `EPERM`.
    case allowIf(SeccompArgumentTest)
}

/// A test of the first argument, of which the kernel reads the lower 32 bits for the calls in question.
enum SeccompArgumentTest: Hashable, Sendable {
    case withoutBits(UInt32)
    case among([UInt32])
    case notAmong([UInt32])
}

/// The error numbers that filters answer with.
enum SeccompErrno {
    /// The call is not made, and answers 0.
    static let none: UInt16 = 0
    static let notPermitted: UInt16 = 1
    static let notImplemented: UInt16 = 38
}
