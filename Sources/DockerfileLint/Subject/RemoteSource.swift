import ByteStrings

/// Tells sources of `ADD` that lie outside the context.
enum RemoteSource {
    /// Whether a source is an address, and no path.
    ///
    /// Source: Dockerfile reference, "ADD", "Source".
    static func isAddress(_ source: ByteString) -> Bool {
        ["git@", "ssh://", "git://", "http://", "https://"].contains { source.hasPrefix($0) }
    }
}
