package import ByteStrings

/// Where the Dockerfile of a build is read from.
package enum DockerfileLocation: Hashable, Sendable {
    /// `Dockerfile` at the root of the context, or `dockerfile` when that is missing.
    case defaultInContext

    /// A path of the host, relative to the current directory.
    case path(ByteString)

    /// `-f -`.
    case standardInput
}
