import ByteStrings

/// The kinds of ADD source that lie outside the context.
enum RemoteSource: String {
    case url = "URL"
    case git = "git ref"

    /// What the source is; nil for a path.
    ///
    /// Source: Dockerfile reference, "ADD", "Source".
    init?(_ source: ByteString) {
        if ["git@", "ssh://", "git://"].contains(where: source.hasPrefix) {
            self = .git
        } else if ["http://", "https://"].contains(where: source.hasPrefix) {
            let path = source.bytes.prefix { $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "?") }
            self = ByteString(path).hasSuffix(".git") ? .git : .url
        } else {
            return nil
        }
    }
}
