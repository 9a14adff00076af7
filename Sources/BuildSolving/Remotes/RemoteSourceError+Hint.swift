package import RemoteSources

extension RemoteSourceError {
    /// What to do about it; nil where only the other side can do something.
    package var hint: String? {
        switch self {
        case .badURL, .unsupportedScheme: "write `https://host/path`, with `%20` for a blank"
        case .badProxy(let variable, _): "set `\(variable)` to `http://host:port`, or leave it empty"
        case .badCredential: "a secret for a server is one line: a token, or the value of the Authorization header"
        case .hostNotFound: "look for a mistake in the name, and whether this machine reaches its name servers"
        case .addressDenied(let host, _):
            "builds may not talk to services that trust this machine alone; if this is none, pass `--allow-host \(host)`"
        case .connectionFailed:
            "see whether the address answers from this machine; behind a proxy set `HTTPS_PROXY` or `HTTP_PROXY`"
        case .untrustedServer:
            "install ca-certificates, or name a file of trusted certificates in `SSL_CERT_FILE`"
        case .badStatus(let url, let code, _) where code == 401 || code == 403:
            "if it needs a token, give one with `--secret id=HTTP_AUTH_TOKEN_\(Self.host(of: url)),env=TOKEN`"
        case .gitStatus(let remote, let code, _) where code == 401 || code == 403:
            "if it needs a token, give one with `--secret id=GIT_AUTH_TOKEN.\(Self.host(of: remote)),env=TOKEN`"
        case .gitStatus(_, let code, _) where code == 404 || code == 410:
            "look for a mistake in the path; servers also hide repositories from who gives no token"
        case .badStatus(_, let code, _) where code == 404 || code == 410: "look for a mistake in the path"
        case .badStatus, .gitStatus, .rateLimited, .stalled, .tooSlow, .truncated, .badResponse:
            "try again later, or use another mirror"
        case .redirectLoop, .tooManyRedirects, .badRedirect: "use the address of the file itself"
        case .downgradingRedirect: "use an address that stays encrypted, or one that is not from the start"
        case .tooLarge: nil
        case .checksumMismatch(_, _, let actual):
            "somebody changed the file; if that is as it should be, write `--checksum=\(actual)`"
        case .badGitReference: "write `https://host/repository.git#branch:folder` or `git@host:repository.git`"
        case .gitMissing, .gitTooOld: "install git, as `apt-get install git` does"
        case .gitFailed: "see whether `git ls-remote` works with the address; keys are taken from `--ssh default`"
        case .unknownServerKey(_, let known, true):
            "somebody may be in between; if the server has a new key, take the old one out of `\(known)`"
        case .unknownServerKey(let remote, let known, false):
            "compare what `ssh-keyscan \(Self.keyscan(remote))` prints with what the server's owner says, and add it to `\(known)`"
        case .gitTimeout: "try again, or name a branch or tag, which is fetched without its history"
        case .gitReferenceNotFound(let remote, _): "`git ls-remote \(remote)` lists what there is"
        case .gitChecksumMismatch(_, _, let actual):
            "the branch or tag moved; if that is as it should be, write `--checksum=\(actual)`"
        case .badGitSubdirectory: "write the folder behind the branch: `#main:folder`"
        case .badSubmodule: "add `?submodules=false` to the address to leave submodules out"
        }
    }

    /// The words behind `ssh-keyscan` for the server of `ssh://user@host:port/path` or `user@host:path`.
    private static func keyscan(_ remote: String) -> String {
        guard let start = remote.firstRange(of: "://")?.upperBound else {
            return String(remote.prefix { $0 != ":" }.split(separator: "@").last ?? "HOST")
        }
        let authority = remote[start...].prefix { $0 != "/" }.split(separator: "@").last ?? "HOST"
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let port = authority[end...].dropFirst(2)
            return (port.isEmpty ? "" : "-p \(port) ") + authority[..<end].dropFirst()
        }
        let parts = authority.split(separator: ":", maxSplits: 1)
        return (parts.count == 2 ? "-p \(parts[1]) " : "") + (parts.first ?? "HOST")
    }

    /// The host in a URL for people.
    private static func host(of url: String) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound else { return "HOST" }
        let authority = url[start...].prefix { $0 != "/" && $0 != "?" }
        return String(authority.split(separator: "@").last ?? "HOST")
    }
}
