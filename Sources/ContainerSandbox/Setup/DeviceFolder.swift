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
        ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx"), ("core", "/proc/kcore"),
    ]

    static func operations(isInsecure: Bool) -> [SetupOperation] {
        let present = devices + (isInsecure ? insecureDevices : [])
        var operations = [folder] + (isInsecure ? [.makeDirectory("/dev/net", permissions: 0o755)] : [])
        operations += present.map { .makeDevice(place.appendingPath($0.name), $0.number, permissions: 0o666) }
        operations += links.map { .makeSymbolicLink(place.appendingPath($0.name), target: $0.target) }
        if !isInsecure { operations.append(.guardDevices(place, names: devices.map(\.name))) }
        return operations + [terminals]
    }

    private static let folder = SetupOperation.mountFilesystem(
        .init(
            type: "tmpfs",
            target: place,
            attributes: [.noSetID, .strictAccessTime],
            options: [.init(key: "mode", value: "755"), .init(key: "size", value: "65536k")]
        )
    )

    private static let terminals = SetupOperation.mountFilesystem(
        .init(
            type: "devpts",
            target: "/dev/pts",
            attributes: [.noSetID, .noExecution],
            options: [
                .init(key: "newinstance", value: ""), .init(key: "ptmxmode", value: "0666"),
                .init(key: "mode", value: "0620"), .init(key: "gid", value: "5"),
            ]
        )
    )
}
