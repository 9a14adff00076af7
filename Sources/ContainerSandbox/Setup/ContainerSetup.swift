import ByteStrings
import FileModel
import LinuxSystem

/// Decides what the first process of a container does, without doing any of it.
struct ContainerSetup {
    private let request: ContainerRequest
    private let filter: [UInt8]
    private let processorCount: Int
    private let showsKernelMemory: Bool
    private let sharesProcesses: Bool
    private let namespace: UserNamespace

    /// The operations that turn `request` into a running command, in order.
    ///
    /// `filter` are the bytes of a filter of system calls; `processorCount` is that of the host, whose sensors are
    /// hidden one by one; `showsKernelMemory` whether it has `/proc/kcore`; `sharesProcesses` shows the host's `/proc` in
    /// place of one of the container's own; `namespace` is the one that the container is started in, and its user is of
    /// that.
    /// - Throws: ``ExecutorError/invalidRequest(_:)`` and ``ExecutorError/forbiddenTarget(_:)``.
    static func operations(
        for request: ContainerRequest,
        filter: [UInt8],
        processorCount: Int,
        showsKernelMemory: Bool = true,
        sharesProcesses: Bool = false,
        namespace: UserNamespace = .initial
    ) throws(ExecutorError) -> [SetupOperation] {
        try RequestCheck.check(request)
        return ContainerSetup(
            request: request,
            filter: filter,
            processorCount: processorCount,
            showsKernelMemory: showsKernelMemory,
            sharesProcesses: sharesProcesses,
            namespace: namespace
        ).operations
    }

    private var operations: [SetupOperation] {
        [.dieWithParent] + network + [.isolateMounts, .joinSessionKeyring, root] + systemMounts + requestedMounts
            + protections
            + [.enterRoot] + surroundings + privileges + [.dieWithParent, command]
    }

    /// Before anything is mounted, for what `/sys` shows is of the network that whoever mounts it is in.
    private var network: [SetupOperation] {
        guard case .joined = request.network else { return [] }
        return [.joinNetwork(descriptor: UInt32(SetupFormat.firstTreeDescriptor) + UInt32(request.trees.count))]
    }

    // MARK: - Mounts

    private var root: SetupOperation {
        .mountOverlay(
            overlay(request.isWhole ? [] : request.lowerTrees, upper: request.upper, work: request.work)
        )
    }

    private func overlay(_ lowers: [ByteString], upper: ByteString?, work: ByteString) -> SetupOperation.Overlay {
        var options = overlayOptions
        // Layers that are a mount of their own have other inode numbers; only together with the device of their layer, or
        // widened, are they different from all others. Programs that stay on one file system go by the device.
        let isStacked = request.trees.indices.contains { lowers.contains(ContainerRequest.path(ofTree: $0)) }
        options.append(.init(key: "xino", value: isStacked ? "on" : "off"))
        return SetupOperation.Overlay(
            place: work,
            // Devices that a step makes are kept in the layer and cannot be opened.
            attributes: request.isInsecure ? [] : .noDevices,
            lowers: lowers,
            upper: upper ?? "",
            work: upper == nil ? "" : work,
            options: options
        )
    }

    /// Each of these, when it is on, puts something into the upper folder that only this kernel can read.
    ///
    /// In a namespace of users the marks are in attributes of users, which goes with one word for `redirect_dir` alone.
    private var overlayOptions: [SetupOperation.Option] {
        let off = ["metacopy", "index"].map { SetupOperation.Option(key: $0, value: "off") }
        guard !namespace.isInitial else { return [.init(key: "redirect_dir", value: "off")] + off }
        return [.init(key: "userxattr", value: ""), .init(key: "redirect_dir", value: "nofollow")] + off
    }

    private static let sealed: MountAttributes = [.noSetID, .noExecution, .noDevices]

    private var systemMounts: [SetupOperation] {
        let kernelState = request.isInsecure ? Self.sealed : Self.sealed.union(.readOnly)
        return [processes]
            + DeviceFolder.operations(
                isInsecure: request.isInsecure,
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
                            .init(key: "size", value: ByteString(String(request.sharedMemorySize))),
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
        if !isOwner, request.network == .host { return [] }
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

    private var requestedMounts: [SetupOperation] {
        request.mounts.map { mount in
            let attributes = request.isInsecure ? mount.attributes : mount.attributes.union(.noDevices)
            switch mount.source {
            case .bind(let path, let subpath):
                return .bindMount(.init(source: path, subpath: subpath, target: mount.target, attributes: attributes))
            case .layers(let layers):
                let overlay = overlay(layers.folders, upper: layers.upper, work: layers.work)
                return .mountLayers(
                    .init(overlay: overlay, subpath: layers.subpath, target: mount.target, attributes: attributes)
                )
            case .file(let content, let permissions, let owner, let group):
                return .mountFile(
                    .init(
                        // The overlay is mounted and has its own view of this folder, which nobody else looks into.
                        place: request.upper,
                        target: mount.target,
                        attributes: attributes,
                        permissions: permissions,
                        // Root's where nobody else is there.
                        owner: namespace.contains(owner: owner, group: group) ? owner : 0,
                        group: namespace.contains(owner: owner, group: group) ? group : 0,
                        content: content
                    )
                )
            case .device(let device):
                return DeviceFolder.operation(device, on: mount.target, of: request, namespace: namespace)
            case .temporary(let size, let permissions):
                let mode = SetupOperation.Option(key: "mode", value: ByteString(String(permissions, radix: 8)))
                let limit = size.map { [SetupOperation.Option(key: "size", value: ByteString(String($0)))] } ?? []
                return .mountFilesystem(
                    .init(
                        type: "tmpfs",
                        target: mount.target,
                        attributes: attributes.union(.noSetID),
                        options: [mode] + limit,
                        isRequested: true
                    )
                )
            }
        }
    }

    private var protections: [SetupOperation] {
        guard !request.isInsecure else { return [] }
        return ProtectedPaths.hidden(processorCount: processorCount).map { .mask($0) }
            + ProtectedPaths.readOnly.map { .makeReadOnly($0) }
    }

    // MARK: - The process

    private var surroundings: [SetupOperation] {
        var operations: [SetupOperation] = [.setHostName(request.hostName)]
        if request.network == .none { operations.append(.raiseLoopback) }
        operations.append(.setCreationMask(0o022))
        operations += request.limits.map { .setLimit($0) }
        // Only now: a working directory must not lead through a descriptor to the host.
        return operations + [.closeDescriptors, .changeDirectory(request.workingDirectory)]
    }

    private var privileges: [SetupOperation] {
        let user = SetupOperation.assumeUser(
            user: request.user.user,
            group: request.user.group,
            groups: request.user.groups
        )
        guard !request.isInsecure else {
            return [user, .setCapabilities(active: .everything, inheritable: .everything, ambient: .everything)]
        }
        // While the process may still administer the system: else the filter would cost set-user-ID programs their use.
        return [
            .installFilter(filter), .limitCapabilities(.standard), user,
            .setCapabilities(active: .standard, inheritable: [], ambient: []),
        ]
    }

    private var command: SetupOperation {
        let environment = CommandEnvironment(request.environment, home: request.user.home)
        return .execute(
            candidates: environment.candidates(for: request.arguments.first ?? ""),
            arguments: request.arguments,
            environment: environment.entries
        )
    }
}
