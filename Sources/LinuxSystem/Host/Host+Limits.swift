import Glibc
import SystemPackage

extension Host {
    /// The limits of this process for a resource by its kernel number; the largest number stands for none.
    ///
    /// Source: `getrlimit(2)`.
    package static func processLimit(of resource: UInt32) throws(SystemError) -> (soft: UInt64, hard: UInt64) {
        var limit = rlimit()
        try systemCall("read a limit") { getrlimit(CInt(truncatingIfNeeded: resource), &limit) }
        return (UInt64(limit.rlim_cur), UInt64(limit.rlim_max))
    }
}
