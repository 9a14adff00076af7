import ByteStrings
import FileModel
import LinuxSystem

/// A program that carries the packets of a network namespace through sockets of its own.
struct UserModeProgram: Hashable, Sendable {
    let name: ByteString
    let path: ByteString

    /// What the program is called with.
    ///
    /// It finds the namespace and a pipe on fixed descriptors, and writes to the pipe when the network is ready.
    let arguments: [ByteString]

    static let namespaceDescriptor = 3
    static let readyDescriptor = 4

    /// The address of the server that answers the container's questions for names; nil for those of the host.
    let nameServer: ByteString?

    /// Programs in the order of preference, by name.
    ///
    /// Source: `slirp4netns(1)`, `pasta(1)`. Neither gives the container the host's own loopback interface.
    private static let known: [(name: ByteString, arguments: [ByteString], nameServer: ByteString?)] = [
        (
            "slirp4netns",
            [
                "--configure", "--mtu=65520", "--disable-host-loopback", "--netns-type=path",
                ByteString("--ready-fd=\(readyDescriptor)"), ByteString("/proc/self/fd/\(namespaceDescriptor)"), "eth0",
            ],
            "10.0.2.3"
        ),
        (
            "pasta",
            [
                "--foreground", "--config-net", "--no-map-gw", "--tcp-ports", "none", "--udp-ports", "none", "--tcp-ns",
                "none", "--udp-ns", "none", "--ns-ifname", "eth0", "--pid",
                ByteString("/proc/self/fd/\(readyDescriptor)"), "--netns",
                ByteString("/proc/self/fd/\(namespaceDescriptor)"),
            ],
            nil
        ),
    ]

    /// The first one that is installed, looked for where `PATH` says and in the usual folders.
    static func find(environment: [ByteString: ByteString]) -> UserModeProgram? {
        let path = (environment["PATH"] ?? "").bytes.split(separator: UInt8(ascii: ":")).map { ByteString($0) }
        let folders = path.filter(\.isAbsolutePath) + ["/usr/bin", "/usr/local/bin", "/bin", "/usr/sbin"]
        for (name, arguments, nameServer) in known {
            for file in folders.map({ $0.appendingPath(name) }) {
                guard let status = try? FileStatus.at(hostPath: file, followingLinks: true) else { continue }
                guard status.kind == .regular, status.permissions & 0o111 != 0 else { continue }
                return UserModeProgram(name: name, path: file, arguments: arguments, nameServer: nameServer)
            }
        }
        return nil
    }
}
