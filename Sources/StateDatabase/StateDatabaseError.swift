package import ByteStrings

/// Why the state database could not be used.
package enum StateDatabaseError: Error, Hashable, Sendable {
    /// A newer program made the tables; `found` is their version.
    case newerVersion(found: Int64, path: ByteString)

    /// SQLite takes UTF-8 only.
    case pathIsNotUTF8(ByteString)

    /// Somebody else held a lock for longer than the database waits.
    case busy(path: ByteString)

    /// Any other failure, such as a full disk, with what SQLite or the system says.
    case failed(path: ByteString, reason: String)
}

extension StateDatabaseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .newerVersion(let found, let path):
            "the database `\(path)` has version \(found), this program knows \(Schema.version); "
                + "use the newer program, or another directory with --root"
        case .pathIsNotUTF8(let path):
            "the path `\(path)` of the database is not UTF-8"
        case .busy(let path):
            "the database `\(path)` is locked by another program"
        case .failed(let path, let reason):
            "the database `\(path)` failed: \(reason)"
        }
    }
}
