package import ByteStrings
package import OCIModel

/// Why the state directory or one of its blobs cannot be used.
package enum StorageError: Error, Hashable, Sendable {
    /// A newer program made the directory; `found` is the version of its layout.
    case newerVersion(found: UInt32, root: ByteString)

    /// The directory exists, holds other things and no `version`.
    case notAStateDirectory(root: ByteString)

    /// `version` holds something else than a number and a line feed.
    case unreadableVersion(root: ByteString)

    /// No blob has this digest.
    case missingBlob(Digest)

    /// The blob is not as long as whoever refers to it says.
    case wrongSize(Digest, expected: UInt64, actual: UInt64)

    /// The bytes have another digest.
    case wrongDigest(expected: Digest, actual: Digest)

    /// More bytes than the reader or writer was told to accept.
    case tooLarge(limit: UInt64)

    /// The store keeps SHA-256 only.
    case unsupportedAlgorithm(Digest)

    /// No folder for the session could be made, however often it was tried.
    case noSession(root: ByteString)
}

extension StorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .newerVersion(let found, let root):
            "the state directory `\(root)` has layout version \(found), this program knows \(StateDirectory.version); "
                + "use the newer program, or another directory with --root"
        case .notAStateDirectory(let root):
            "`\(root)` holds other files and is no state directory; name an empty or new one"
        case .unreadableVersion(let root):
            "the state directory `\(root)` has a damaged `version` file"
        case .missingBlob(let digest):
            "the store has no blob `\(digest)`"
        case .wrongSize(let digest, let expected, let actual):
            "the blob `\(digest)` has \(actual) bytes instead of \(expected)"
        case .wrongDigest(let expected, let actual):
            "the bytes have the digest `\(actual)` instead of `\(expected)`"
        case .tooLarge(let limit):
            "there are more than \(limit) bytes"
        case .unsupportedAlgorithm(let digest):
            "the store keeps SHA-256 blobs only, not `\(digest)`"
        case .noSession(let root):
            "no temporary folder could be made in `\(root)/tmp`"
        }
    }
}
