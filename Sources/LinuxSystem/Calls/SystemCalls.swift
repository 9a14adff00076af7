import ByteStrings
import Glibc
import SystemPackage

/// The error that the last failed call of this thread left behind.
func lastError(_ operation: String, _ path: ByteString? = nil) -> SystemError {
    SystemError(operation: operation, errno: Errno(rawValue: errno), path: path)
}

/// Makes a system call again for as long as a signal interrupts it.
@discardableResult
func systemCall<Result: SignedInteger>(
    _ operation: String,
    _ path: ByteString? = nil,
    _ call: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }

        if errno != EINTR { throw lastError(operation, path) }
    }
}

/// Makes a system call that takes one path, again for as long as a signal interrupts it.
@discardableResult
func systemCall<Result: SignedInteger>(
    _ operation: String,
    path: ByteString,
    _ call: (UnsafePointer<CChar>) -> Result
) throws(SystemError) -> Result {
    guard !path.bytes.contains(0) else { throw SystemError(operation: operation, errno: .invalidArgument, path: path) }
    return try systemCall(operation, path) { path.withTerminated(call) }
}

/// Makes a system call that takes one name inside a directory; anything but a single component is refused.
@discardableResult
func systemCall<Result: SignedInteger>(
    _ operation: String,
    name: ByteString,
    _ call: (UnsafePointer<CChar>) -> Result
) throws(SystemError) -> Result {
    guard name.isSingleComponent else {
        throw SystemError(operation: operation, errno: .invalidArgument, path: name)
    }
    return try systemCall(operation, name) { name.withTerminated(call) }
}

extension ByteString {
    /// Whether this can only name an entry of a directory: not empty, no slash, no NUL, neither `.` nor `..`.
    var isSingleComponent: Bool {
        !isEmpty && self != "." && self != ".." && !bytes.contains { $0 == 0 || $0 == Self.slash }
    }

    /// Calls `body` with the bytes and a NUL behind them, on the stack where they fit.
    func withTerminated<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { buffer in
            for (index, byte) in bytes.enumerated() { buffer.initializeElement(at: index, to: CChar(bitPattern: byte)) }
            buffer.initializeElement(at: count, to: 0)
            guard let start = buffer.baseAddress else { preconditionFailure("an allocation of one byte or more") }
            return body(UnsafePointer(start))
        }
    }
}
