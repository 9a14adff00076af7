package import ByteStrings
package import OCIModel

/// What rules want to know of a base image.
package struct BaseImageFacts: Hashable, Sendable {
    /// The variables that the image sets.
    package var environment: [ByteString: ByteString]
    /// What the image runs on, or nil when it does not say.
    package var platform: Platform?
    /// Whether the image says which shell its commands are for.
    package var hasShell: Bool
    /// The image's ONBUILD instructions, as it stores them.
    package var triggers: [ByteString]

    package init(
        environment: [ByteString: ByteString] = [:],
        platform: Platform? = nil,
        hasShell: Bool = false,
        triggers: [ByteString] = []
    ) {
        self.environment = environment
        self.platform = platform
        self.hasShell = hasShell
        self.triggers = triggers
    }
}
