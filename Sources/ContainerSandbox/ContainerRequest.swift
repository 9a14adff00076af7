package import ByteStrings
package import LinuxSystem

/// A command to be run over the layers of an image.
package struct ContainerRequest: Equatable, Sendable {
    /// What the container must be started with.
    package var shape: ContainerShape

    /// Host paths of the read-only layers, top first; at least one.
    ///
    /// The last should be a tree of ``StubTree``, so that mount points leave no trace in the upper folder.
    package var lowerTrees: [ByteString]

    /// Mounts without a path on the host that ``lowerTrees`` and mounts name by ``path(ofTree:)``.
    package var trees: [MountedTree] = []

    /// Host path of the folder that receives every change.
    package var upper: ByteString

    /// Whether `upper` has all of the root already, as a copy, and the layers are left out.
    package var isWhole = false

    /// Host path of an empty folder on the same file system as `upper`.
    package var work: ByteString

    /// The command and its arguments.
    ///
    /// A command without a slash is looked up in `PATH` of the environment.
    package var arguments: [ByteString]

    /// Variables as `NAME=value`; of two with one name the last counts.
    ///
    /// `HOME` is added when it is missing.
    package var environment: [ByteString]

    /// Absolute path in the container; it must exist.
    package var workingDirectory: ByteString
    package var user: ResolvedUser

    /// In the order of mounting.
    package var mounts: [ContainerMount]
    package var limits: [ResourceLimit]

    package init(
        shape: ContainerShape,
        lowerTrees: [ByteString],
        upper: ByteString,
        work: ByteString,
        arguments: [ByteString],
        environment: [ByteString] = [],
        workingDirectory: ByteString = "/",
        user: ResolvedUser = .root,
        mounts: [ContainerMount] = [],
        limits: [ResourceLimit] = []
    ) {
        self.shape = shape
        self.lowerTrees = lowerTrees
        self.upper = upper
        self.work = work
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.user = user
        self.mounts = mounts
        self.limits = limits
    }

    /// The path by which the first process finds one of ``trees``, by its place there.
    package static func path(ofTree index: Int) -> ByteString {
        ByteString("/proc/self/fd/\(Int(SetupFormat.firstTreeDescriptor) + index)")
    }
}
