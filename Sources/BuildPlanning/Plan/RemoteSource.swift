package import ByteStrings

/// A source of an ADD that is fetched from another machine.
package struct RemoteSource: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A file over HTTP.
        case url = "URL"

        /// The files of a commit.
        case git = "git ref"
    }

    package var kind: Kind

    /// As written and expanded.
    package var address: ByteString

    /// What `--checksum` asks for: the digest of a file, or the first digits of a commit; nil for anything.
    package var checksum: ByteString?

    /// What `--keep-git-dir` says; nil when the address decides.
    package var keepsGitDirectory: Bool?

    /// Whether a file that is an archive is extracted.
    package var isUnpacked = false

    /// Takes an address; nil for a path.
    ///
    /// Source: Dockerfile reference, "ADD", "Source".
    package init?(_ address: ByteString) {
        guard let kind = Kind(address) else { return nil }
        self.kind = kind
        self.address = address
    }
}

extension RemoteSource.Kind {
    /// What the address is of; nil for a path.
    init?(_ address: ByteString) {
        if ["ssh://", "git://"].contains(where: address.hasPrefix) || Self.isHostOfUser(address) {
            self = .git
        } else if ["http://", "https://"].contains(where: address.hasPrefix) {
            let path = address.bytes.prefix { $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "?") }
            self = ByteString(path).hasSuffix(".git") ? .git : .url
        } else {
            return nil
        }
    }

    /// Whether the text begins like `user@host:`, which is how ssh writes addresses.
    private static func isHostOfUser(_ text: ByteString) -> Bool {
        let user = text.bytes.prefix { $0.isASCIIWord || $0 == UInt8(ascii: "-") }
        let rest = text.bytes[user.endIndex...]
        guard !user.isEmpty, rest.first == UInt8(ascii: "@") else { return false }
        let host = rest.dropFirst().prefix { byte in
            byte.isASCIIWord && byte != UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
        return !host.isEmpty && host.endIndex < text.bytes.endIndex && text.bytes[host.endIndex] == UInt8(ascii: ":")
    }
}

extension UInt8 {
    /// Whether the byte is an ASCII letter, a digit or `_`.
    fileprivate var isASCIIWord: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: "_")
    }
}

extension RemoteSource {
    /// The address for people and for the history of an image: user and password are `xxxxx`, and so is what the query
    /// says, but for what git references have there.
    package var shownAddress: ByteString {
        let shown = addressWithoutUser
        let fragment = kind == .git ? shown.bytes.firstIndex(of: UInt8(ascii: "#")) : nil
        let end = fragment ?? shown.bytes.endIndex
        guard let query = shown.bytes[..<end].firstIndex(of: UInt8(ascii: "?")) else { return shown }
        let fields = shown.bytes[(query + 1)..<end].split(
            separator: UInt8(ascii: "&"),
            omittingEmptySubsequences: false
        )
        let hidden = fields.map { field in
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")),
                kind == .url || !Self.gitKeys.contains(ByteString(field[..<equals]))
            else { return Array(field) }
            return Array(field[...equals]) + Self.hidden
        }
        let all = Array(shown.bytes[...query]) + Array(hidden.joined(separator: [UInt8(ascii: "&")]))
        return ByteString(all + shown.bytes[end...])
    }

    /// What the query of a git reference may say.
    ///
    /// Source: `docker build`, "Git repositories".
    private static let gitKeys: Set<ByteString> = [
        "ref", "tag", "branch", "subdir", "checksum", "commit", "keep-git-dir", "submodules", "mtime",
        "fetch-by-commit",
    ]

    private static let hidden = Array("xxxxx".utf8)

    private var addressWithoutUser: ByteString {
        let bytes = address.bytes
        guard let start = bytes.firstRange(of: "://".utf8)?.upperBound else { return address }
        let authority = bytes[start...].prefix {
            ![UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0)
        }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return address }
        // The user alone is how ssh is told who logs in, no secret.
        let hasPassword = authority[..<at].contains(UInt8(ascii: ":"))
        if address.hasPrefix("ssh://"), !hasPassword { return address }
        return ByteString(Array(bytes[..<start]) + Self.hidden + Array(bytes[at...]))
    }
}
