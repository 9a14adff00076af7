import ByteStrings
import FileModel
import LinuxSystem

/// The folder `/dev` of a container.
enum DeviceFolder {
    private static let place: ByteString = "/dev"

    /// The devices of every container, all open to everybody.
    private static let devices: [(name: ByteString, number: DeviceNumber)] = [
        ("null", DeviceNumber(major: 1, minor: 3)),
        ("zero", DeviceNumber(major: 1, minor: 5)),
        ("full", DeviceNumber(major: 1, minor: 7)),
        ("tty", DeviceNumber(major: 5, minor: 0)),
        ("random", DeviceNumber(major: 1, minor: 8)),
        ("urandom", DeviceNumber(major: 1, minor: 9)),
    ]

    /// Further devices of a container with every privilege.
    private static let insecureDevices: [(name: ByteString, number: DeviceNumber)] =
        [
            ("kmsg", DeviceNumber(major: 1, minor: 11)),
            ("fuse", DeviceNumber(major: 10, minor: 229)),
            ("kvm", DeviceNumber(major: 10, minor: 232)),
            ("loop-control", DeviceNumber(major: 10, minor: 237)),
            ("net/tun", DeviceNumber(major: 10, minor: 200)),
        ] + (0..<8).map { (ByteString("loop\($0)"), DeviceNumber(major: 7, minor: $0)) }

    private static let links: [(name: ByteString, target: ByteString)] = [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx"),
    ]

    /// A link to the kernel's memory, for kernels that show it.
    private static let kernelMemory: (name: ByteString, target: ByteString) = ("core", "/proc/kcore")

    static func operations(
        isInsecure: Bool,
        showsKernelMemory: Bool,
        namespace: UserNamespace = .initial
    ) -> [SetupOperation] {
        let present = links + (showsKernelMemory ? [kernelMemory] : [])
        guard namespace.isInitial else { return borrowed(present, namespace) }
        let nodes = devices + (isInsecure ? insecureDevices : [])
        var operations = [folder] + (isInsecure ? [.makeDirectory("/dev/net", permissions: 0o755)] : [])
        operations += nodes.map { .makeDevice(place.appendingPath($0.name), $0.number, permissions: 0o666) }
        operations += present.map { .makeSymbolicLink(place.appendingPath($0.name), target: $0.target) }
        if !isInsecure { operations.append(.guardDevices(place, names: devices.map(\.name))) }
        return operations + [terminals()]
    }

    /// The folder where nobody may make devices: the host's own are mounted, and no others could be opened.
    private static func borrowed(
        _ links: [(name: ByteString, target: ByteString)],
        _ namespace: UserNamespace
    ) -> [SetupOperation] {
        let mounts = devices.map { device in
            let path = place.appendingPath(device.name)
            return SetupOperation.bindMount(
                .init(source: path, subpath: "", target: path, attributes: [.noSetID, .noExecution])
            )
        }
        let names = links.map { SetupOperation.makeSymbolicLink(place.appendingPath($0.name), target: $0.target) }
        let hasTerminalGroup = namespace.groups.contains(terminalGroup)
        return [folder] + mounts + names + [terminals(group: hasTerminalGroup ? terminalGroup : nil)]
    }

    /// Puts a device of the host where a command wants it.
    ///
    /// A node of the container's own has the mode and owner that are asked for, and whatever the command does to it does
    /// nothing to the host's. Where none can be made the host's is bound, read-only so that its attributes stay; a device
    /// can be written all the same.
    static func operation(
        _ device: ContainerMount.Device,
        on target: ByteString,
        of request: ContainerRequest,
        namespace: UserNamespace
    ) -> SetupOperation {
        let attributes: MountAttributes = [.noSetID, .noExecution]
        guard namespace.isInitial else {
            return .bindMount(
                .init(source: device.hostPath, subpath: "", target: target, attributes: attributes.union(.readOnly))
            )
        }
        return .mountDevice(
            .init(
                place: request.shape.assembly,
                target: target,
                attributes: attributes,
                isBlock: device.kind == .blockDevice,
                number: device.number,
                permissions: device.permissions,
                owner: device.owner ?? request.user.user,
                group: device.group ?? request.user.group
            )
        )
    }

    private static let folder = SetupOperation.mountFilesystem(
        .init(
            type: "tmpfs",
            target: place,
            attributes: [.noSetID, .strictAccessTime],
            options: [.init(key: "mode", value: "755"), .init(key: "size", value: "65536k")]
        )
    )

    /// The group `tty`, by the number that distributions agree on.
    private static let terminalGroup: UInt32 = 5

    private static func terminals(group: UInt32? = terminalGroup) -> SetupOperation {
        let owner = group.map { [SetupOperation.Option(key: "gid", value: ByteString(String($0)))] } ?? []
        return .mountFilesystem(
            .init(
                type: "devpts",
                target: "/dev/pts",
                attributes: [.noSetID, .noExecution],
                options: [
                    .init(key: "newinstance", value: ""), .init(key: "ptmxmode", value: "0666"),
                    .init(key: "mode", value: "0620"),
                ] + owner
            )
        )
    }
}
