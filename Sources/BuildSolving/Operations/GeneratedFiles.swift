import BuildPlanning
import ByteStrings
import ContainerSandbox
import FileModel
import LinuxSystem

/// The files that a container gets from its builder, each written for one container.
struct GeneratedFiles: Sendable {
    let mounts: [ContainerMount]

    /// Writes `/etc/hosts` and `/etc/resolv.conf` into the command's folder.
    init(
        folder: CommandFolder,
        network: ContainerNetwork,
        extraHosts: [HostEntry],
        hostName: ByteString
    ) throws {
        let entries = extraHosts.map { HostsFile.Entry(address: $0.address, name: $0.name) }
        let hosts = HostsFile.bytes(hostName: hostName, entries: entries)
        let resolver = ResolvConf.bytes(host: try Self.hostResolver(), network: network)
        mounts = [
            .generatedFile(try folder.write(hosts, "hosts", permissions: 0o644), on: "/etc/hosts"),
            .generatedFile(try folder.write(resolver, "resolv.conf", permissions: 0o644), on: "/etc/resolv.conf"),
        ]
    }

    private static func hostResolver() throws -> [UInt8]? {
        guard let host = try read("/etc/resolv.conf") else { return nil }
        return ResolvConf.namesSystemdOnly(host) ? try read(ResolvConf.systemdPath) ?? host : host
    }

    private static func read(_ path: ByteString) throws -> [UInt8]? {
        guard try FileStatus.at(hostPath: path, followingLinks: true)?.kind == .regular else { return nil }
        return try OwnedDescriptor.openFile(path, .readOnly).readAll(limit: ResolvConf.sizeLimit)
    }
}
