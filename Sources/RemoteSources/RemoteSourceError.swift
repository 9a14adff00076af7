package import LinuxSystem
package import OCIModel

/// Why something outside this machine could not be fetched.
///
/// URLs are texts for people, without users and values of queries.
package enum RemoteSourceError: Error, Hashable, Sendable {
    case badURL(String, reason: String)

    /// Only `http` and `https` are fetched.
    case unsupportedScheme(String)
    case badProxy(variable: String, reason: String)

    /// A secret that is no text for a header.
    case badCredential(host: String)
    case hostNotFound(HostNames.LookupError)

    /// The policy refuses the address that a host turned out to have.
    case addressDenied(host: String, address: IPAddress)

    /// No connection, or one that broke.
    case connectionFailed(url: String, reason: String)

    /// The server could not prove who it is.
    case untrustedServer(url: String, reason: String)

    /// An answer that is neither the file nor a redirect.
    case badStatus(url: String, code: Int, reason: String)

    /// The server wants to be left alone for longer than a build waits.
    case rateLimited(host: String, seconds: Int64)
    case redirectLoop([String])
    case tooManyRedirects([String])
    case badRedirect(url: String, reason: String)

    /// An encrypted answer that leads to an unencrypted one.
    case downgradingRedirect(from: String, to: String)

    /// Nothing arrived for so many seconds.
    case stalled(url: String, seconds: Int64)

    /// Bytes trickle in at less than so many a second.
    case tooSlow(url: String, bytesPerSecond: Int64)

    /// The answer ended early; `expected` is nil when its length was not announced.
    case truncated(url: String, expected: UInt64?, received: UInt64)
    case tooLarge(url: String, limit: UInt64)

    /// An answer that breaks the rules of HTTP.
    case badResponse(url: String, reason: String)
    case checksumMismatch(url: String, expected: Digest, actual: Digest)

    case badGitReference(String, reason: String)
    case gitMissing

    /// The version that is there, and the oldest that will do.
    case gitTooOld(String, required: String)

    /// A git server's answer that is no repository.
    case gitStatus(remote: String, code: Int, reason: String)

    /// What git said.
    case gitFailed(remote: String, reason: String)

    /// The server's key is not in the file of known keys, or is another one there.
    case unknownServerKey(remote: String, known: String, isChanged: Bool)
    case gitTimeout(remote: String, seconds: Int64)
    case gitReferenceNotFound(remote: String, name: String)
    case gitChecksumMismatch(remote: String, expected: String, actual: String)
    case badGitSubdirectory(String, reason: String)
    case badSubmodule(path: String, reason: String)
}

extension RemoteSourceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badURL(let url, let reason): "`\(url)` is not a URL that can be fetched: \(reason)"
        case .unsupportedScheme(let scheme): "the scheme `\(scheme)` is not fetched, only `http` and `https`"
        case .badProxy(let variable, let reason): "the proxy in `\(variable)` cannot be used: \(reason)"
        case .badCredential(let host): "the secret for `\(host)` is not one line of text"
        case .hostNotFound(let error): error.description
        case .addressDenied(let host, let address):
            "`\(host)` has the address `\(address)`, which only this machine may talk to"
        case .connectionFailed(let url, let reason): "cannot reach `\(url)`: \(reason)"
        case .untrustedServer(let url, let reason): "the server of `\(url)` is not trusted: \(reason)"
        case .badStatus(let url, let code, let reason), .gitStatus(let url, let code, let reason):
            "`\(url)` answered \(code)" + (reason.isEmpty ? "" : " (\(reason))")
        case .rateLimited(let host, let seconds): "`\(host)` asks to wait \(seconds) s before the next request"
        case .redirectLoop(let urls): "redirected in a loop: \(Self.chain(urls))"
        case .tooManyRedirects(let urls): "redirected more than \(urls.count - 2) times: \(Self.chain(urls))"
        case .badRedirect(let url, let reason): "`\(url)` redirects, but \(reason)"
        case .downgradingRedirect(let from, let to): "`\(from)` redirects to `\(to)`, which is not encrypted"
        case .stalled(let url, let seconds): "nothing arrived from `\(url)` for \(seconds) s"
        case .tooSlow(let url, let rate): "`\(url)` sends less than \(rate) bytes a second"
        case .truncated(let url, let expected, let received):
            "`\(url)` ended after \(received)" + (expected.map { " of \($0)" } ?? "") + " bytes"
        case .tooLarge(let url, let limit): "`\(url)` is larger than \(limit) bytes"
        case .badResponse(let url, let reason): "`\(url)` gave no valid answer: \(reason)"
        case .checksumMismatch(let url, let expected, let actual):
            "the checksum of `\(url)` is `\(actual)`, not `\(expected)`"
        case .badGitReference(let text, let reason): "`\(text)` is not a git reference: \(reason)"
        case .gitMissing: "git is not installed: no `git` in PATH"
        case .gitTooOld(let version, let required): "git \(version) is too old, \(required) or newer is needed"
        case .gitFailed(let remote, let reason): "git could not fetch `\(remote)`: \(reason)"
        case .unknownServerKey(let remote, let known, let isChanged):
            isChanged
                ? "the server of `\(remote)` has another key than the one in `\(known)`"
                : "the key of the server of `\(remote)` is not in `\(known)`"
        case .gitTimeout(let remote, let seconds): "git did not finish with `\(remote)` within \(seconds) s"
        case .gitReferenceNotFound(let remote, let name): "`\(remote)` has no branch, tag or commit `\(name)`"
        case .gitChecksumMismatch(let remote, let expected, let actual):
            "the commit of `\(remote)` is `\(actual)`, not `\(expected)`"
        case .badGitSubdirectory(let path, let reason): "the folder `\(path)` of the repository \(reason)"
        case .badSubmodule(let path, let reason): "the submodule `\(path)` \(reason)"
        }
    }

    private static func chain(_ urls: [String]) -> String {
        urls.suffix(12).map { "`\($0)`" }.joined(separator: " to ")
    }
}
