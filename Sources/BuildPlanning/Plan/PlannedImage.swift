package import OCIModel

/// The image a plan ends in, but for what only its layers can tell.
package struct PlannedImage: Hashable, Sendable {
    /// The last step upon its file system; nil means an empty one.
    package var head: StepID?

    /// The image at the root of the chain of FROM; nil for scratch and folders.
    package var base: ResolvedImage?

    /// Complete but for `created`, `rootfs` and `history`.
    package var configuration: ImageConfiguration

    /// The entries this Dockerfile adds, in order, those of stages it starts from included; the base's come before.
    package var history: [PlannedHistory]

    package var platform: Platform

    package init(
        head: StepID?,
        base: ResolvedImage?,
        configuration: ImageConfiguration,
        history: [PlannedHistory],
        platform: Platform
    ) {
        self.head = head
        self.base = base
        self.configuration = configuration
        self.history = history
        self.platform = platform
    }
}
