package import ByteStrings
import FileModel
import LinuxSystem

/// What a container is given for its devices, as this host has it now.
package struct DeviceInjection: Sendable {
    /// Something to be mounted.
    package struct Item: Sendable {
        package let mount: ContainerMount
        package let isDirectory: Bool
    }

    /// In the order of mounting: outer paths first.
    package let items: [Item]

    /// `NAME=value`; of two with one name the last counts.
    package let environment: [ByteString]

    /// Groups of the command beside its own.
    package let groups: [UInt32]

    /// Looks up on the host what the edits name; nothing is opened.
    package init(_ edits: DeviceEdits) throws(DeviceError) {
        try self.init(edits, in: .current)
    }

    init(_ edits: DeviceEdits, in namespace: UserNamespace) throws(DeviceError) {
        var items: [Item] = []
        for mount in edits.mounts {
            let status = try Self.status(mount.hostPath)
            items.append(
                Item(
                    mount: ContainerMount(.bind(mount.hostPath), on: mount.path, mount.attributes),
                    isDirectory: status.kind == .directory
                )
            )
        }
        for node in edits.nodes {
            let device = try Self.device(node, namespace)
            items.append(Item(mount: ContainerMount(.device(device), on: node.path), isDirectory: false))
        }
        self.items = items.sorted { $0.mount.target.pathComponents.count < $1.mount.target.pathComponents.count }
        environment = edits.environment
        groups = edits.groups
    }

    private static func status(_ path: ByteString) throws(DeviceError) -> FileStatus {
        guard let status = (try? FileStatus.at(hostPath: path, followingLinks: true)) ?? nil else {
            throw .missing(path)
        }
        return status
    }

    private static func device(
        _ node: DeviceEdits.Node,
        _ namespace: UserNamespace
    ) throws(DeviceError) -> ContainerMount.Device {
        var device = ContainerMount.Device(
            hostPath: node.hostPath,
            kind: .characterDevice,
            number: DeviceNumber(major: 0, minor: 0),
            permissions: node.permissions ?? 0o666,
            owner: node.owner,
            group: node.group
        )
        if namespace.isInitial, let kind = node.kind, let number = node.number {
            // All is said, and a node of the container's own is made from it.
            (device.kind, device.number) = (kind, number)
            return device
        }
        let status = try status(node.hostPath)
        guard status.kind == .characterDevice || status.kind == .blockDevice else { throw .noDevice(node.hostPath) }
        guard node.kind == nil || node.kind == status.kind, node.number == nil || node.number == status.deviceNumber
        else { throw .otherDevice(node.hostPath) }
        if !namespace.isInitial, !FileAccess.isAllowed(node.hostPath, .read),
            !FileAccess.isAllowed(node.hostPath, .write)
        {
            throw .forbidden(node.hostPath)
        }
        (device.kind, device.number) = (status.kind, status.deviceNumber)
        return device
    }
}
