import ByteStrings
import FileModel
import LinuxSystem

/// Decides what the first process of a container does, without doing any of it.
struct ContainerSetup {
    private let request: ContainerRequest
    private let filter: [UInt8]
    private let processorCount: Int

    /// The operations that turn `request` into a running command, in order.
    ///
    /// `filter` are the bytes of a filter of system calls; `processorCount` is that of the host, whose sensors are
    /// hidden one by one.
    /// - Throws: ``ExecutorError/invalidRequest(_:)`` and ``ExecutorError/forbiddenTarget(_:)``.
    static func operations(
        for request: ContainerRequest,
        filter: [UInt8],
        processorCount: Int
    ) throws(ExecutorError) -> [SetupOperation] {
        try RequestCheck.check(request)
        return ContainerSetup(request: request, filter: filter, processorCount: processorCount).operations
    }

    private var operations: [SetupOperation] {
        [.dieWithParent, .isolateMounts, .joinSessionKeyring, root] + systemMounts + requestedMounts + protections
            + [.enterRoot] + surroundings + privileges + [.dieWithParent, command]
    }

    // MARK: - Mounts

    private var root: SetupOperation {
        .mountOverlay(
            SetupOperation.Overlay(
                place: request.work,
                // Devices that a step makes are kept in the layer and cannot be opened.
                attributes: request.isInsecure ? [] : .noDevices,
                lowers: request.lowerTrees,
                upper: request.upper,
                work: request.work,
                // Each would put something into the upper folder that only this kernel can read.
                options: ["redirect_dir", "metacopy", "index", "xino"].map { .init(key: $0, value: "off") }
            )
        )
    }

    private static let sealed: MountAttributes = [.noSetID, .noExecution, .noDevices]

    private var systemMounts: [SetupOperation] {
        let kernelState = request.isInsecure ? Self.sealed : Self.sealed.union(.readOnly)
        return [.mountFilesystem(.init(type: "proc", target: "/proc", attributes: Self.sealed))]
            + DeviceFolder.operations(isInsecure: request.isInsecure)
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
                .mountFilesystem(.init(type: "sysfs", target: "/sys", attributes: kernelState)),
                .mountFilesystem(
                    .init(type: "cgroup2", target: "/sys/fs/cgroup", attributes: kernelState, isOptional: true)
                ),
            ]
    }

    private var requestedMounts: [SetupOperation] {
        request.mounts.map { mount in
            let attributes = request.isInsecure ? mount.attributes : mount.attributes.union(.noDevices)
            switch mount.source {
            case .bind(let path, let subpath):
                return .bindMount(.init(source: path, subpath: subpath, target: mount.target, attributes: attributes))
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
