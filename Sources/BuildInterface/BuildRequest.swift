package import ByteStrings
package import DeviceModel
package import FileModel
package import OCIModel

/// Everything a front end asks of one build, as values; nothing in it has been opened or read yet.
package struct BuildRequest: Sendable {
    /// Where the Dockerfile comes from.
    package var dockerfile: DockerfileLocation

    /// Where COPY and ADD read from.
    package var context: ContextLocation

    /// Names the image gets in the store.
    package var tags: [ImageReference] = []

    /// `--build-arg` in the order given; the last of a name wins.
    package var arguments: [BuildArgument] = []

    /// The stage to build, by name or number; nil means the last.
    package var target: ByteString?

    /// The platform of the image; nil means this machine's.
    package var platform: Platform?

    /// Where the result goes; empty means the store alone.
    package var exports: [ExportTarget] = []

    /// `--build-context NAME=…`, replacing stages and images of that name.
    package var namedContexts: [NamedContext] = []

    /// `--label`, added to the image last.
    package var labels: [ImageLabel] = []

    /// `--annotation`, written into the manifest.
    package var annotations: [ImageLabel] = []

    /// The network of RUN steps that do not say otherwise.
    package var network: RequestedNetwork = .default

    /// `--add-host`.
    package var extraHosts: [ExtraHost] = []

    /// `--secret`: where values come from, never the values.
    package var secrets: [BuildSecret] = []

    /// `--ssh`: the agents that commands may ask.
    package var sshAgents: [BuildSSHAgent] = []

    /// What RUN steps may use of the machine.
    package var resources = ResourceLimits()

    /// Bytes of `/dev/shm` in RUN steps.
    package var sharedMemorySize: UInt64 = 64 << 20

    /// Whether every step runs anew.
    package var ignoresCache = false

    /// Stages that run anew, by name.
    package var uncachedStages: [ByteString] = []

    /// `--allow`: privileges that RUN steps may ask for.
    package var entitlements: Set<BuildEntitlement> = []

    /// `--allow-host`: hosts that are fetched from whatever their addresses are, in lower case.
    package var allowedHosts: Set<String> = []

    /// `--allow device…`: the devices that RUN steps may ask for, in the order given.
    package var deviceGrants: [DeviceGrant] = []

    /// Where the devices of the host are described; what the last folder says counts first.
    package var deviceFolders: [ByteString] = DeviceOffer.standardFolders

    /// Whether RUN steps may see the `/proc` around the builder where they cannot have one of their own.
    package var sharesProcesses = false

    /// The latest time anything built here may carry; nil leaves times as they are.
    package var sourceDateEpoch: Timestamp?

    package init(dockerfile: DockerfileLocation, context: ContextLocation) {
        self.dockerfile = dockerfile
        self.context = context
    }
}
