import BuildContexts
import BuildPlanning
import ByteStrings
import ContainerSandbox
import FileModel
import LayerSnapshots
import LinuxSystem

/// The files that a container gets from its builder.
enum GeneratedFiles {
    /// The address that stands for the host in `--add-host`, whichever it is in the network of the command.
    static let hostGateway: ByteString = "host-gateway"

    private static let hosts: ByteString = "/etc/hosts"
    private static let resolver: ByteString = "/etc/resolv.conf"

    private struct Places: Equatable {
        let paths: [ByteString]

        /// Where no link leads elsewhere.
        static let usual = Places(paths: [hosts, resolver].map { ByteString($0.bytes.dropFirst()) })

        /// A path that leads nowhere the container refuses, with the reason.
        init(in view: SnapshotView) {
            paths = Places.usual.paths.map { (try? view.place(of: $0)) ?? $0 }
        }

        private init(paths: [ByteString]) {
            self.paths = paths
        }
    }

    /// Where both files are mounted in an image: relative to its root, with links followed.
    ///
    /// Looked up once for as many commands as leave `/etc` alone.
    static func places(in view: SnapshotView) -> [ByteString] {
        let kept = view.derived(fromBelow: "etc") {
            let found = Places(in: view)
            // What lies elsewhere may be changed without a change below `/etc`.
            return found == .usual ? found : nil
        }
        return (kept ?? Places(in: view)).paths
    }

    /// `/etc/hosts` and `/etc/resolv.conf` of a container.
    static func mounts(
        _ network: StepNetwork,
        extraHosts: [HostEntry],
        hostName: ByteString
    ) throws -> [ContainerMount] {
        let entries = try extraHosts.compactMap { try entry($0, network) }
        return [
            .generatedFile(HostsFile.bytes(hostName: hostName, entries: entries), on: hosts),
            .generatedFile(try resolvConf(network), on: resolver),
        ]
    }

    private static func resolvConf(_ network: StepNetwork) throws -> [UInt8] {
        ResolvConf.bytes(host: try hostResolver(), network: network.network, nameServer: network.nameServer)
    }

    private static func entry(_ host: HostEntry, _ network: StepNetwork) throws -> HostsFile.Entry? {
        guard host.address == hostGateway else { return HostsFile.Entry(address: host.address, name: host.name) }
        if let gateway = network.gateway { return HostsFile.Entry(address: gateway, name: host.name) }
        // Without a network there is no way to anything, the host included.
        if network.network == .none { return nil }
        throw SolveFailure(
            "`--add-host \(host.name):host-gateway`: the network of an ordinary user has no way to the host",
            hint: "pass --network host, where the name means the host itself"
        )
    }

    /// What the host asks for names; nil when it has no such file.
    static func hostResolver() throws -> [UInt8]? {
        guard let host = try read("/etc/resolv.conf") else { return nil }
        return ResolvConf.namesSystemdOnly(host) ? try read(ResolvConf.systemdPath) ?? host : host
    }

    private static func read(_ path: ByteString) throws -> [UInt8]? {
        guard try FileStatus.at(hostPath: path, followingLinks: true)?.kind == .regular else { return nil }
        return try OwnedDescriptor.openFile(path, .readOnly).readAll(limit: ResolvConf.sizeLimit)
    }
}
