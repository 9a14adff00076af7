package import ByteStrings
package import OCIModel

/// An image the planner has to know before it can go on.
package struct ImageRequest: Hashable, Sendable {
    /// The name as the Dockerfile has it, variables expanded.
    package var name: ByteString

    /// The platform to choose from an index.
    package var platform: Platform

    package init(name: ByteString, platform: Platform) {
        self.name = name
        self.platform = platform
    }
}
