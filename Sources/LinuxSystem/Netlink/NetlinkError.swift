package import SystemPackage

/// A request that the kernel's network configuration refused.
package struct NetlinkError: Error, Hashable, Sendable {
    /// What was attempted, as a verb and its object.
    package var operation: String
    package var errno: Errno

    /// The kernel's own words, nil when it had none.
    package var explanation: String?

    package init(operation: String, errno: Errno, explanation: String? = nil) {
        self.operation = operation
        self.errno = errno
        self.explanation = explanation
    }

    init(_ error: SystemError, _ operation: String) {
        self.init(operation: operation, errno: error.errno)
    }
}

extension NetlinkError: CustomStringConvertible {
    /// One line for people, without a final full stop.
    package var description: String {
        let reason = SystemError(operation: operation, errno: errno).description
        return explanation.map { "\(reason) (\($0))" } ?? reason
    }
}
