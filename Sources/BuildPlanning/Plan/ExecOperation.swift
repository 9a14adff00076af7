package import ByteStrings

/// The command of a RUN instruction and everything it may see.
package struct ExecOperation: Hashable, Sendable {
    /// The program and its arguments; never empty.
    package var arguments: [ByteString]

    /// ENV and ARG values in the order they were first set; a name occurs once.
    package var environment: [EnvironmentVariable]

    /// The proxy settings of the build, set before the command starts but kept out of cache keys.
    package var proxyEnvironment: [EnvironmentVariable]

    /// An absolute path.
    package var workingDirectory: ByteString

    /// The text of USER, such as `app:staff`; empty means root.
    package var user: ByteString

    package var mounts: [MountOperation]
    package var network: NetworkMode

    /// Whether the command gets (nearly) all privileges, `--security=insecure`.
    package var isInsecure: Bool

    /// What each `--device` came to, in the order given.
    package var devices: [ExecDevice]

    /// The name of the host that the command sees; nil for the builder's usual one.
    package var hostName: ByteString?

    package var extraHosts: [HostEntry]

    /// `--ulimit`, in the order given; the last of a name counts.
    package var limits: [StepLimit]

    /// Heredocs that are programs, to be mounted read-only at `/dev/pipes/NAME`.
    package var scripts: [InlineFile]

    package init(
        arguments: [ByteString],
        environment: [EnvironmentVariable],
        proxyEnvironment: [EnvironmentVariable] = [],
        workingDirectory: ByteString,
        user: ByteString,
        mounts: [MountOperation] = [],
        network: NetworkMode = .default,
        isInsecure: Bool = false,
        devices: [ExecDevice] = [],
        hostName: ByteString? = nil,
        extraHosts: [HostEntry] = [],
        limits: [StepLimit] = [],
        scripts: [InlineFile] = []
    ) {
        self.arguments = arguments
        self.environment = environment
        self.proxyEnvironment = proxyEnvironment
        self.workingDirectory = workingDirectory
        self.user = user
        self.mounts = mounts
        self.network = network
        self.isInsecure = isInsecure
        self.devices = devices
        self.hostName = hostName
        self.extraHosts = extraHosts
        self.limits = limits
        self.scripts = scripts
    }
}
