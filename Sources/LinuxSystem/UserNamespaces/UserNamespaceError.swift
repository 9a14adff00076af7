package import SystemPackage

/// Why a process cannot have a user namespace of its own.
package enum UserNamespaceError: Error, Hashable, Sendable {
    /// The kernel makes none for this user; the text says which switch forbids it, nil when none is known.
    case refused(Errno, switch: String?)

    /// The namespace is there, but has no rights of its own; the text says which switch takes them, nil as above.
    case powerless(Errno, switch: String?)

    /// The ids of the namespace could not be set.
    case unmapped(SystemError)

    /// Root may not give its own id to a namespace without this capability; nothing was tried.
    case incapable(String)

    /// The line that turns the switch of the machine that is at fault; nil when none is known to be.
    package var mendingLine: String? {
        switch self {
        case .refused(_, let line), .powerless(_, let line): line
        case .unmapped, .incapable: nil
        }
    }
}

extension UserNamespaceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let errno, let line):
            "the kernel refuses a user namespace: \(Self.text(errno, line))"
        case .powerless(let errno, let line):
            "the user namespace may not mount anything: \(Self.text(errno, line))"
        case .unmapped(let error): "the user namespace has no ids: \(error)"
        case .incapable(let name): "root without \(name) can have no user namespace"
        }
    }

    private static func text(_ errno: Errno, _ line: String?) -> String {
        let reason = SystemError(operation: "", errno: errno).reason
        return line.map { "\(reason) (`\($0)` allows it)" } ?? reason
    }
}
