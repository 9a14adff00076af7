package import ByteStrings

/// Something that went wrong with the database and was put right.
package enum DatabaseWarning: Hashable, Sendable {
    /// The database was damaged; it was moved to `movedTo`, and an empty one started.
    case startedAnew(movedTo: ByteString, reason: String)
}

extension DatabaseWarning: CustomStringConvertible {
    package var description: String {
        switch self {
        case .startedAnew(let movedTo, let reason):
            "the state database was damaged (\(reason)) and starts anew; the damaged one is `\(movedTo)`"
        }
    }
}
