import ByteStrings
import LinuxSystem

/// Decides what the first process of a container does before it knows its command, without doing any of it.
///
/// This is most of the work, so it is done while another command still runs, which may take hours: the host must be able
/// to unmount what it has mounted, and have it gone. The kernel's own file systems are mounted in an assembly, from where
/// ``ContainerSetup`` puts them into the root.
struct ContainerPreparation {
    /// Where the kernel's file systems are, in the assembly as in the root.
    static let mountedPaths: [ByteString] = ["/proc", "/dev", "/sys"]

    /// What keeps a mount from being anything but data.
    private static let sealed: MountAttributes = [.noSetID, .noExecution, .noDevices]

    private let shape: ContainerShape
    private let processorCount: Int
    private let showsKernelMemory: Bool
    private let sharesProcesses: Bool
    private let namespace: UserNamespace

    /// The operations that every command in a container of this shape needs, in order; the last waits for the others.
    ///
    /// `processorCount` is that of the host, whose sensors are hidden one by one; `showsKernelMemory` whether it has
    /// `/proc/kcore`; `sharesProcesses` shows the host's `/proc` in place of one of the container's own; `namespace` is the
    /// one that the container is started in.
    /// - Throws: ``ExecutorError/invalidRequest(_:)``.
    static func operations(
        for shape: ContainerShape,
        processorCount: Int,
        showsKernelMemory: Bool = true,
        sharesProcesses: Bool = false,
        namespace: UserNamespace = .initial
    ) throws(ExecutorError) -> [SetupOperation] {
        try RequestCheck.check(shape)
        return ContainerPreparation(
            shape: shape,
            processorCount: processorCount,
            showsKernelMemory: showsKernelMemory,
            sharesProcesses: sharesProcesses,
            namespace: namespace
        ).operations
    }

    private var operations: [SetupOperation] {
        [.dieWithParent] + network + [.followUnmounts, .joinSessionKeyring, .mountAssembly(shape.assembly)]
            + systemMounts + protections + surroundings + [.awaitCommand]
    }

    /// Before anything is mounted, for what `/sys` shows is of the network that whoever mounts it is in.
    private var network: [SetupOperation] {
        guard case .joined = shape.network else { return [] }
        return [.joinNetwork(descriptor: UInt32(SetupFormat.networkDescriptor))]
    }

    private var systemMounts: [SetupOperation] {
        let kernelState = shape.isInsecure ? Self.sealed : Self.sealed.union(.readOnly)
        return [processes]
            + DeviceFolder.operations(
                isInsecure: shape.isInsecure,
                showsKernelMemory: showsKernelMemory,
                namespace: namespace
            )
            + [
                .mountFilesystem(
                    .init(
                        type: "tmpfs",
                        target: "/dev/shm",
                        attributes: Self.sealed,
                        options: [
                            .init(key: "mode", value: "1777"),
                            .init(key: "size", value: ByteString(String(shape.sharedMemorySize))),
                        ]
                    )
                ),
                .mountFilesystem(
                    .init(type: "mqueue", target: "/dev/mqueue", attributes: Self.sealed, isOptional: true)
                ),
            ] + kernelMounts(kernelState)
    }

    /// The host's own comes with all that is mounted on it, and shows the processes of the container by other numbers.
    private var processes: SetupOperation {
        sharesProcesses
            ? .bindMount(.init(source: "/proc", subpath: "", target: "/proc", attributes: Self.sealed))
            : .mountFilesystem(.init(type: "proc", target: "/proc", attributes: Self.sealed))
    }

    /// The kernel shows its devices only to those who own the network, and its groups to nobody who may not make any.
    private func kernelMounts(_ attributes: MountAttributes) -> [SetupOperation] {
        let isOwner = namespace.isInitial
        if !isOwner, shape.network == .host { return [] }
        let devices = SetupOperation.mountFilesystem(
            .init(type: "sysfs", target: "/sys", attributes: attributes, isOptional: !isOwner)
        )
        guard isOwner else { return [devices] }
        return [
            devices,
            .mountFilesystem(
                .init(type: "cgroup2", target: "/sys/fs/cgroup", attributes: attributes, isOptional: true)
            ),
        ]
    }

    private var protections: [SetupOperation] {
        guard !shape.isInsecure else { return [] }
        return ProtectedPaths.hidden(processorCount: processorCount).map { .mask($0) }
            + ProtectedPaths.readOnly.map { .makeReadOnly($0) }
    }

    private var surroundings: [SetupOperation] {
        [.setHostName(shape.hostName)] + (shape.network == .none ? [.raiseLoopback] : [])
    }
}
