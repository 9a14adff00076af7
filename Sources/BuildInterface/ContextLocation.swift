package import ByteStrings

/// Where the files of a build context are.
package enum ContextLocation: Hashable, Sendable {
    /// A folder of the host.
    case folder(ByteString)

    /// `-`: an archive of the files, or a Dockerfile that comes without any.
    case standardInput

    /// A git reference, or a URL of an archive or a Dockerfile.
    case remote(ByteString)
}

extension ContextLocation {
    /// The folder's path on the host; nil for a context that is none.
    package var folder: ByteString? {
        switch self {
        case .folder(let path): path
        case .standardInput, .remote: nil
        }
    }
}
