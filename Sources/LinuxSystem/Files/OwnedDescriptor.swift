import CLinuxSystem
import Glibc
import SystemPackage

/// A file descriptor with one owner, closed when that owner goes away.
///
/// Every descriptor made here is close-on-exec.
package struct OwnedDescriptor: ~Copyable, Sendable {
    /// The number, for calls that borrow it; never close it.
    package let rawValue: CInt

    /// Takes over an open descriptor; nobody else may close it from here on.
    package init(adopting rawValue: CInt) {
        self.rawValue = rawValue
    }

    /// Closes now, and reports what a silent close would lose, such as a full disk.
    ///
    /// - Throws: The error of `close(2)`. The descriptor is gone either way.
    package consuming func close() throws(SystemError) {
        let closing = rawValue
        discard self
        // Linux frees the number even when a signal interrupts the call; a second try could close somebody else's.
        if Glibc.close(closing) == -1 && errno != EINTR { throw lastError("close") }
    }

    /// Gives the number away without closing it.
    package consuming func release() -> CInt {
        let released = rawValue
        discard self
        return released
    }

    /// A second descriptor of the same open file; offset and flags are shared.
    package borrowing func duplicate() throws(SystemError) -> OwnedDescriptor {
        let original = rawValue
        return OwnedDescriptor(adopting: try systemCall("duplicate a descriptor") { slipway_duplicate(original) })
    }

    deinit {
        _ = Glibc.close(rawValue)
    }
}
