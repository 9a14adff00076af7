package import SystemPackage

/// Why a process cannot have a user namespace of its own.
package enum UserNamespaceError: Error, Hashable, Sendable {
    /// The kernel makes none for this user; the text says which switch forbids it, nil when none is known.
    case refused(Errno, switch: String?)

    /// The namespace is there, but has no rights of its own; the text says which switch takes them, nil as above.
    case powerless(Errno, switch: String?)

    /// The ids of the namespace could not be set.
    case unmapped(SystemError)
}

extension UserNamespaceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let errno, let cause):
            "an ordinary user needs a user namespace, and the kernel refuses one: \(Self.text(errno, cause))"
        case .powerless(let errno, let cause):
            "the user namespace of an ordinary user may not mount anything: \(Self.text(errno, cause))"
        case .unmapped(let error): "the user namespace has no ids: \(error)"
        }
    }

    private static func text(_ errno: Errno, _ cause: String?) -> String {
        let reason = SystemError(operation: "", errno: errno).reason
        return cause.map { "\(reason) (\($0))" } ?? reason
    }
}
