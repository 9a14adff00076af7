package import ByteStrings

/// A repository, and what of it is meant: the value of an ADD source, a context or a named context.
///
/// Source: Dockerfile reference, "ADD", "Adding files from a Git repository"; `docker build`, "Git repositories".
package struct GitReference: Hashable, Sendable {
    /// How the repository is reached.
    package enum Transport: String, Hashable, Sendable, CaseIterable {
        case http, https, ssh, git
    }

    /// Which time files get.
    package enum FileTime: String, Hashable, Sendable, CaseIterable {
        /// The moment they were written to disk.
        case checkout

        /// The moment the commit was made.
        case commit
    }

    package internal(set) var transport: Transport

    /// What git is given: a URL without query and fragment, or `user@host:path`.
    ///
    /// For HTTP it lacks the user, which is ``userInfo``.
    package internal(set) var remote: ByteString

    /// User and password of an HTTP URL, percent-encoded as they were; nil for none.
    package internal(set) var userInfo: ByteString?

    /// A name or an address in lower case.
    package internal(set) var host: String

    /// A branch, tag or commit; nil for the repository's own choice.
    package internal(set) var ref: ByteString?

    /// The folder that is meant, without slashes at its ends; empty for all.
    package internal(set) var subdirectory: ByteString = ""

    /// The first digits that the commit's name must have, in lower case; nil for any.
    package internal(set) var checksum: String?

    /// Whether `.git` stays; nil when the reference does not say.
    package internal(set) var keepsGitDirectory: Bool?

    /// Whether submodules are fetched; nil when the reference does not say.
    package internal(set) var submodules: Bool?

    /// The time of the files; nil when the reference does not say.
    package internal(set) var fileTime: FileTime?
}

extension GitReference: CustomStringConvertible {
    /// The remote for people, without what may be a password.
    package var description: String {
        guard let start = remote.bytes.firstRange(of: "://".utf8)?.upperBound else { return remote.description }
        let authority = remote.bytes[start...].prefix { $0 != ByteString.slash }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")), authority[..<at].contains(UInt8(ascii: ":")) else {
            return remote.description
        }
        return "\(transport.rawValue)://xxxxx\(ByteString(remote.bytes[at...]))"
    }
}
