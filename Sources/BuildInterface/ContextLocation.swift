package import ByteStrings

/// Where the files of a build context are.
package enum ContextLocation: Hashable, Sendable {
    /// A folder of the host.
    case folder(ByteString)
}

extension ContextLocation {
    /// The folder's path on the host.
    package var folder: ByteString {
        switch self {
        case .folder(let path): path
        }
    }
}
