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
        let dot = UInt8(ascii: ".")
        return bytes.withUnsafeBufferPointer { bytes in
            if bytes.isEmpty || bytes[0] == dot && (bytes.count == 1 || bytes.count == 2 && bytes[1] == dot) {
                return false
            }
            for byte in bytes where byte == 0 || byte == Self.slash { return false }
            return true
        }
    }

    /// Calls `body` with the bytes and a NUL behind them, on the stack where they fit.
    func withTerminated<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: count + 1, alignment: 1) { buffer in
            bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
            buffer[count] = 0
            let text = buffer.bindMemory(to: CChar.self)
            guard let start = text.baseAddress else { preconditionFailure("an allocation of one byte or more") }
            return body(UnsafePointer(start))
        }
    }
}
