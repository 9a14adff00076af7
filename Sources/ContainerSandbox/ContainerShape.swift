package import ByteStrings

/// What must be known of a container to start it, before anybody knows its command or its layers.
package struct ContainerShape: Hashable, Sendable {
    package var network: ContainerNetwork

    /// 1 to 64 bytes.
    package var hostName: ByteString

    /// Host path of an empty folder, over which what every command needs is mounted for as long as the command is not
    /// known.
    ///
    /// Each container sees mounts of its own there, so one folder serves any number of them.
    package var assembly: ByteString

    /// Whether the container gets every privilege of the builder, as `RUN --security=insecure` asks.
    package var isInsecure: Bool

    /// Size of `/dev/shm` in bytes.
    package var sharedMemorySize: UInt64

    /// What all processes of the container may use together.
    package var groupLimits: CgroupLimits

    /// The session of the build, by which the groups of its containers are told from those of others.
    ///
    /// Matters only where ``groupLimits`` are set.
    package var session: ByteString

    package init(
        network: ContainerNetwork,
        hostName: ByteString,
        assembly: ByteString,
        isInsecure: Bool = false,
        sharedMemorySize: UInt64 = 64 << 20,
        groupLimits: CgroupLimits = CgroupLimits(),
        session: ByteString = "0"
    ) {
        self.network = network
        self.hostName = hostName
        self.assembly = assembly
        self.isInsecure = isInsecure
        self.sharedMemorySize = sharedMemorySize
        self.groupLimits = groupLimits
        self.session = session
    }
}
