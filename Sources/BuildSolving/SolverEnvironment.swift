package import BuildInterface
import BuildPlanning
package import ByteStrings
package import ContainerSandbox
package import ContentStorage
package import StateDatabase

/// What a build works with: the store, what it may read, and how its commands run.
package struct SolverEnvironment: Sendable {
    package let directory: StateDirectory
    package let session: Session
    package let database: StateDatabase

    /// Identifies this boot of the machine; trees of another are not trusted.
    package let bootID: String
    package let contexts: BuildContextSet
    package let remotes: RemoteContents
    package let sandbox: SandboxSettings

    package init(
        directory: StateDirectory,
        session: Session,
        database: StateDatabase,
        bootID: String,
        contexts: BuildContextSet,
        remotes: RemoteContents,
        sandbox: SandboxSettings
    ) {
        self.directory = directory
        self.session = session
        self.database = database
        self.bootID = bootID
        self.contexts = contexts
        self.remotes = remotes
        self.sandbox = sandbox
    }
}

/// How the commands of a build run.
package struct SandboxSettings: Sendable {
    /// Starts containers; made when the first command needs it.
    package let runner: @Sendable () throws -> ContainerRunner

    /// In bytes.
    package let sharedMemorySize: UInt64
    package let secrets: [BuildSecret]
    package let agents: [BuildSSHAgent]

    /// The devices of the host; empty where no command asks for one.
    package let devices: DeviceCatalog

    /// What the processes of each command may use together.
    package let groupLimits: CgroupLimits

    /// What the names of their control groups begin with; empty where nothing is limited.
    package let groupOwner: ByteString

    /// Whether commands may see the `/proc` around them where they cannot have one of their own.
    package let mayShareProcesses: Bool

    /// Variables of the caller, for secrets that come from there.
    package let environment: [ByteString: ByteString]

    package init(
        runner: @escaping @Sendable () throws -> ContainerRunner,
        sharedMemorySize: UInt64,
        secrets: [BuildSecret],
        agents: [BuildSSHAgent] = [],
        devices: DeviceCatalog = DeviceCatalog(),
        groupLimits: CgroupLimits = CgroupLimits(),
        groupOwner: ByteString = "",
        mayShareProcesses: Bool = false,
        environment: [ByteString: ByteString]
    ) {
        self.runner = runner
        self.sharedMemorySize = sharedMemorySize
        self.secrets = secrets
        self.agents = agents
        self.devices = devices
        self.groupLimits = groupLimits
        self.groupOwner = groupOwner
        self.mayShareProcesses = mayShareProcesses
        self.environment = environment
    }

    /// Makes sure that a command with this network can be set up, before anything is done for it; blocks.
    func check(_ network: NetworkMode, in session: Session) throws {
        try runner().prepare(
            in: session.path.appendingPath(session.makeName("trial")),
            withNetwork: network != .host,
            mayShareProcesses: mayShareProcesses,
            environment: environment
        )
    }
}
