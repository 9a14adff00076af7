import ByteStrings
import FileModel
import LinuxSystem

/// Decides what the first process of a container does for its command, without doing any of it.
///
/// It comes after what ``ContainerPreparation`` has decided.
struct ContainerSetup {
    private let request: ContainerRequest
    private let filter: [UInt8]
    private let namespace: UserNamespace

    /// The operations that turn `request` into a running command, in order.
    ///
    /// `filter` are the bytes of a filter of system calls; `namespace` is the one that the container is started in, and its
    /// user is of that.
    /// - Throws: ``ExecutorError/invalidRequest(_:)`` and ``ExecutorError/forbiddenTarget(_:)``.
    static func operations(
        for request: ContainerRequest,
        filter: [UInt8],
        namespace: UserNamespace = .initial
    ) throws(ExecutorError) -> [SetupOperation] {
        try RequestCheck.check(request)
        return ContainerSetup(request: request, filter: filter, namespace: namespace).operations
    }

    private var operations: [SetupOperation] {
        [.isolateMounts, root] + adoptedMounts + requestedMounts + [.enterRoot] + surroundings + privileges + [
            .dieWithParent, command,
        ]
    }

    // MARK: - Mounts

    private var adoptedMounts: [SetupOperation] {
        ContainerPreparation.mountedPaths.map { .adoptMount($0, from: request.shape.assembly) }
    }

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
        if upper != nil { options.append(SetupOperation.Overlay.unflushed) }
        return SetupOperation.Overlay(
            place: work,
            // Devices that a step makes are kept in the layer and cannot be opened.
            attributes: request.shape.isInsecure ? [] : .noDevices,
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

    private var requestedMounts: [SetupOperation] {
        request.mounts.map { mount in
            let attributes = request.shape.isInsecure ? mount.attributes : mount.attributes.union(.noDevices)
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
                        place: request.shape.assembly,
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

    // MARK: - The process

    private var surroundings: [SetupOperation] {
        // Descriptors first: a working directory must not lead through one to the host.
        [.setCreationMask(0o022)] + request.limits.map { .setLimit($0) }
            + [.closeDescriptors, .changeDirectory(request.workingDirectory)]
    }

    private var privileges: [SetupOperation] {
        let user = SetupOperation.assumeUser(
            user: request.user.user,
            group: request.user.group,
            groups: request.user.groups
        )
        guard !request.shape.isInsecure else {
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
