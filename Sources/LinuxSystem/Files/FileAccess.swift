package import ByteStrings
import Glibc
import SystemPackage

/// Asks the kernel what this process may do with a file, without doing it.
package enum FileAccess {
    package enum Purpose: Sendable {
        case read, write
    }

    /// Whether the process may open a path of the host; false when it does not exist.
    ///
    /// The effective user and capabilities count. Source: `faccessat(2)`.
    package static func isAllowed(_ hostPath: ByteString, _ purpose: Purpose) -> Bool {
        let mode = purpose == .read ? R_OK : W_OK
        do {
            try systemCall("ask for access to", path: hostPath) { faccessat(AT_FDCWD, $0, mode, AT_EACCESS) }
            return true
        } catch {
            return false
        }
    }
}
