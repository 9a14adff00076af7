package import LinuxSystem

/// What matters of a machine to whoever wants to build on it.
///
/// Plain values, so that every machine can be thought up; ``HostProbe`` reads those of this one.
package struct HostFacts: Hashable, Sendable {
    /// What the kernel says of user namespaces.
    package struct UserNamespaces: Hashable, Sendable {
        /// The most that there may be; nil where the kernel has none.
        package var most: UInt64?

        /// Whether a switch of older Debian kernels forbids them to ordinary users.
        package var areSwitchedOff = false

        /// Whether AppArmor takes their privileges away, as on newer Ubuntu.
        package var areConfined = false

        package init(most: UInt64?) {
            self.most = most
        }
    }

    /// A helper that maps subordinate IDs.
    package enum Helper: Hashable, Sendable {
        case missing

        /// Installed, and neither set-user-ID nor with file capabilities.
        case powerless
        case usable
    }

    /// How control groups are mounted.
    package enum Groups: Hashable, Sendable {
        case none

        /// With the controllers that there are.
        case unified(controllers: Set<String>)

        /// With the controllers that hierarchies of version 1 have.
        case version1(controllers: Set<String>)
    }

    /// Where the state directory is, or would be made.
    package struct StateDirectory: Hashable, Sendable {
        package var path: String

        /// The magic number of the file system, as in `linux/magic.h`.
        package var filesystem: UInt64

        /// Bytes that may still be written.
        package var available: UInt64
        package var isWritable: Bool

        package init(path: String, filesystem: UInt64, available: UInt64, isWritable: Bool) {
            self.path = path
            self.filesystem = filesystem
            self.available = available
            self.isWritable = isWritable
        }
    }

    /// Such as `6.1.0-13-amd64`.
    package var kernelRelease: String
    package var userID: UInt32

    /// The effective capabilities, a bit for each number.
    package var capabilities: UInt64

    /// Whether set-user-ID programs have no effect.
    package var hasNoNewPrivileges = false
    package var calls: Set<ProbedCall> = Set(ProbedCall.allCases)

    /// Whether the kernel knows overlay, or has a module of it.
    package var hasOverlay = true

    /// Whether `fuse-overlayfs` could open `/dev/fuse`.
    package var canOpenFuse = false
    package var userNamespaces: UserNamespaces

    /// How many subordinate IDs the user has.
    package var subordinateUsers: UInt64 = 0
    package var subordinateGroups: UInt64 = 0
    package var userMapper = Helper.missing
    package var groupMapper = Helper.missing
    package var groups: Groups

    /// Whether this user may make groups in one of them.
    package var canMakeGroups = true

    /// Whether bridges, pairs of interfaces and packet filters are there; nil where that cannot be told beforehand.
    package var hasNetworkModules: Bool?

    /// Programs for the network of ordinary users that are installed: `pasta`, `slirp4netns`.
    package var networkHelpers: [String] = []
    package var hasTunnel = true
    package var canOpenTunnel = false
    package var state: StateDirectory

    /// The configuration of registries that applies; nil when there is none.
    package var registriesFile: String?

    /// The devices that specifications describe and a command can be given, by name.
    package var devices: [String] = []

    /// What keeps others from it: files that cannot be read, devices that ask for too much.
    package var deviceFaults: [String] = []

    /// Why no command can run, as a container that was set up showed; nil when it could be, or none was.
    package var refusal: SandboxRefusal?

    package init(
        kernelRelease: String,
        userID: UInt32,
        capabilities: UInt64,
        userNamespaces: UserNamespaces,
        groups: Groups,
        state: StateDirectory
    ) {
        self.kernelRelease = kernelRelease
        self.userID = userID
        self.capabilities = capabilities
        self.userNamespaces = userNamespaces
        self.groups = groups
        self.state = state
    }
}
