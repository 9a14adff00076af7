package import ByteStrings

/// One source of `COPY` or `ADD`.
package enum CopySource: Hashable, Sendable {
    /// A path, a pattern or, for `ADD`, an address; unexpanded.
    case path(ByteString)
    /// A document of the Dockerfile itself.
    case heredoc(Heredoc)
}
