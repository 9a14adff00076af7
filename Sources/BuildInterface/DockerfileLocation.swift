package import ByteStrings

/// Where the Dockerfile of a build is read from.
package enum DockerfileLocation: Hashable, Sendable {
    /// `Dockerfile` at the root of the context, or `dockerfile` when that is missing.
    case defaultInContext

    /// With a folder as the context a path of the host, relative to the current directory; else a path in the context.
    ///
    /// An absolute path with a remote context is one of the host.
    case path(ByteString)

    /// `-f -`.
    case standardInput

    /// `-f https://…`.
    case url(ByteString)
}
