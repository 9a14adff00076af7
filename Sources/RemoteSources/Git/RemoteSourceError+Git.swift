extension RemoteSourceError {
    /// The same about a repository, when it came of asking one of its files.
    ///
    /// `file` is that file's address, and `remote` the repository's, as it was written.
    func about(_ remote: String, insteadOf file: String) -> RemoteSourceError {
        let tail = "/info/refs?service=xxxxx"
        func name(_ url: String) -> String {
            url == file ? remote : url.hasSuffix(tail) ? String(url.dropLast(tail.count)) : url
        }
        return switch self {
        case .badStatus(let url, let code, let reason): .gitStatus(remote: name(url), code: code, reason: reason)
        case .connectionFailed(let url, let reason): .connectionFailed(url: name(url), reason: reason)
        case .untrustedServer(let url, let reason): .untrustedServer(url: name(url), reason: reason)
        case .badRedirect(let url, let reason): .badRedirect(url: name(url), reason: reason)
        case .downgradingRedirect(let from, let to): .downgradingRedirect(from: name(from), to: to)
        case .redirectLoop(let urls): .redirectLoop(urls.map(name))
        case .tooManyRedirects(let urls): .tooManyRedirects(urls.map(name))
        case .stalled(let url, let seconds): .stalled(url: name(url), seconds: seconds)
        case .badResponse(let url, let reason): .badResponse(url: name(url), reason: reason)
        default: self
        }
    }
}
