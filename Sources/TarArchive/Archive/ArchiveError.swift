package import ByteStrings

/// Why an archive cannot be read.
package enum ArchiveError: Error, Equatable, Sendable {
    /// The bytes are no tar, compressed or not.
    case notAnArchive

    /// The archive breaks its format; the reason is the reader's.
    case damaged(String)

    /// The archive has more of something than is allowed.
    case limitExceeded(ArchiveLimit, allowed: UInt64)

    /// Compressed content turns out to be compressed again.
    case nestedCompression

    /// An entry is of a kind that no file system image holds.
    case unsupportedKind(ByteString)

    /// A number of an entry is negative or too large.
    case outOfRange(ByteString, field: String)

    /// A link has no target, or one that the reader does not give.
    case noLinkTarget(ByteString)

    /// The source of the archive's bytes failed.
    case unreadable(String)
    case outOfMemory
}

extension ArchiveError: CustomStringConvertible {
    /// The reason in one line.
    package var description: String {
        switch self {
        case .notAnArchive: "this is not a tar archive"
        case .damaged(let reason): "the archive is damaged: \(reason)"
        case .limitExceeded(.memory, let allowed):
            "the archive needs more than \(allowed) bytes of memory to be unpacked"
        case .limitExceeded(let limit, let allowed): "the archive has more than \(allowed) \(limit.rawValue)"
        case .nestedCompression: "the archive is compressed more than once"
        case .unsupportedKind(let path): "`\(path)` is of a kind that an image cannot hold"
        case .outOfRange(let path, let field): "the \(field) of `\(path)` is out of range"
        case .noLinkTarget(let path): "the link `\(path)` has no target"
        case .unreadable(let reason): "the archive cannot be read: \(reason)"
        case .outOfMemory: "there is no memory to read the archive"
        }
    }
}
