package import ByteStrings
package import DeviceModel
package import DockerfileSyntax
package import OCIModel
package import SourceDiagnostics

/// Everything a plan depends on but the images it starts from.
package struct PlanRequest: Sendable {
    package var dockerfile: Dockerfile

    /// The text the Dockerfile was parsed from.
    package var source: SourceText

    /// `--build-arg` with a value, in the order given; the last of a name wins.
    package var buildArguments: [PlanArgument] = []

    /// The stage to build, by name or number; nil means the last.
    package var target: ByteString?

    /// The platform of the image.
    package var platform: Platform

    /// Whether the user asked for `platform`, so that the image is said to be of it whatever its base says.
    package var isPlatformExplicit = false

    /// The platform the build runs on.
    package var buildPlatform: Platform

    /// `--label`, added to the image last.
    package var labels: [(key: String, value: String)] = []

    /// `--build-context`, in the order given; the last of a name and platform wins.
    package var contexts: [PlanContext] = []

    /// What `SOURCE_DATE_EPOCH=context` means, in seconds since 1970; nil for a context that has no time.
    package var contextTime: Int64?

    /// The network of RUN steps that do not say otherwise.
    package var defaultNetwork: NetworkMode = .default

    /// Whether every step runs anew.
    package var ignoresCache = false

    /// Stages that run anew, by name.
    package var uncachedStages: Set<ByteString> = []

    /// `--add-host`.
    package var extraHosts: [HostEntry] = []

    /// `--ulimit`.
    package var limits: [StepLimit] = []

    /// Whether `RUN --security=insecure` is allowed.
    package var allowsInsecure = false

    /// Whether `RUN --network=host` is allowed where it is not the network of every step.
    package var allowsHostNetwork = false

    /// What `--allow device…` consents to, in the order given.
    package var deviceGrants: [DeviceGrant] = []

    /// The devices of the host; nil while nobody has looked.
    package var devices: DeviceOffer?

    package init(dockerfile: Dockerfile, source: SourceText, platform: Platform, buildPlatform: Platform) {
        self.dockerfile = dockerfile
        self.source = source
        self.platform = platform
        self.buildPlatform = buildPlatform
    }
}
