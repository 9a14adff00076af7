package import ByteStrings
package import OCIModel

/// What lies outside a Dockerfile and yet decides what is right in it.
package struct LintEnvironment: Sendable {
    /// `--build-arg`, by name.
    package var buildArguments: [ByteString: ByteString]
    /// The stage to build; nil is the last one.
    package var target: ByteString?
    /// The platform built for.
    package var platform: Platform
    /// Whether the platform was asked for, and is not just that of the machine.
    package var isPlatformExplicit: Bool
    /// What is known of a base image by its expanded name; nil is nothing, and keeps rules that depend on it silent.
    ///
    /// The platform is what `FROM --platform` wants, or nil for the one built for.
    package var image: @Sendable (ByteString, Platform?) -> BaseImageFacts?
    /// The line of the ignore file that hides a path of the context, clean and relative; nil when none does.
    package var hiddenBy: @Sendable (ByteString) -> String?

    package init(
        buildArguments: [ByteString: ByteString] = [:],
        target: ByteString? = nil,
        platform: Platform = .current,
        isPlatformExplicit: Bool = false,
        image: @escaping @Sendable (ByteString, Platform?) -> BaseImageFacts? = { _, _ in nil },
        hiddenBy: @escaping @Sendable (ByteString) -> String? = { _ in nil }
    ) {
        self.buildArguments = buildArguments
        self.target = target
        self.platform = platform
        self.isPlatformExplicit = isPlatformExplicit
        self.image = image
        self.hiddenBy = hiddenBy
    }
}
