/// How to run a container of an image: the `config` object of its configuration.
///
/// Nil means that the image says nothing. Fields that are not listed here are not kept.
/// Source: OCI image-spec, `config.md`, "config"; Docker image specification 1.2 for the last five.
package struct ContainerConfiguration: Hashable, Sendable {
    package var user: String?

    /// `port/protocol`, such as `80/tcp`.
    package var exposedPorts: Set<String>?

    /// `NAME=value` in the order of their definition.
    package var environment: [String]?
    package var entrypoint: [String]?
    package var cmd: [String]?
    package var volumes: Set<String>?
    package var workingDirectory: String?
    package var labels: [String: String]?
    package var stopSignal: String?

    /// Whether `cmd` is a shell command line that is already escaped.
    package var argsEscaped: Bool
    package var healthcheck: Healthcheck?

    /// The shell of the shell form of instructions.
    package var shell: [String]?

    /// Instructions for the build that starts from this image.
    package var onBuild: [String]?

    package init(
        user: String? = nil,
        exposedPorts: Set<String>? = nil,
        environment: [String]? = nil,
        entrypoint: [String]? = nil,
        cmd: [String]? = nil,
        volumes: Set<String>? = nil,
        workingDirectory: String? = nil,
        labels: [String: String]? = nil,
        stopSignal: String? = nil,
        argsEscaped: Bool = false,
        healthcheck: Healthcheck? = nil,
        shell: [String]? = nil,
        onBuild: [String]? = nil
    ) {
        self.user = user
        self.exposedPorts = exposedPorts
        self.environment = environment
        self.entrypoint = entrypoint
        self.cmd = cmd
        self.volumes = volumes
        self.workingDirectory = workingDirectory
        self.labels = labels
        self.stopSignal = stopSignal
        self.argsEscaped = argsEscaped
        self.healthcheck = healthcheck
        self.shell = shell
        self.onBuild = onBuild
    }
}
