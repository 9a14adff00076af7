import ByteStrings
import LinuxSystem
import SystemPackage

/// The host's network, as a network of containers finds and uses it.
final class NetworkHost: Sendable {
    let route: NetlinkSocket

    /// Also what keeps a table alive.
    let filter: NetlinkSocket

    /// What the host's network looked like at the start.
    let routes: HostRoutes

    /// Whether interfaces have addresses of IPv6 unless told otherwise.
    let hasIPv6: Bool

    let randomNumber: UInt32

    private let home: OwnedDescriptor

    init() throws(NetworkError) {
        do throws(SystemError) {
            route = try NetlinkSocket(.route)
            filter = try NetlinkSocket(.netfilter)
            home = try NetworkNamespace.current()
            randomNumber = try RandomBytes.bytes(count: 4)[...].integer(at: 0, as: UInt32.self) ?? 0
        } catch {
            throw error.errno == .protocolNotSupported ? .unsupported("nf_tables") : .from(error)
        }
        do throws(NetlinkError) { routes = try HostRoutes(route) } catch { throw .from(error) }
        // Interfaces for smaller packets than this take no part in it.
        hasIPv6 = KernelSetting.hasIPv6 && routes.mtu >= 1280
    }

    func makeTable(_ name: ByteString, _ rules: NetworkRules) throws(NetlinkError) {
        do throws(NetlinkError) {
            try makeTable(name, rules, owned: true)
        } catch {
            // Tables with an owner came with Linux 5.12; a sweep finds the others too.
            guard error.errno == .notSupported || error.errno == .invalidArgument else { throw error }
            try makeTable(name, rules, owned: false)
        }
    }

    private func makeTable(_ name: ByteString, _ rules: NetworkRules, owned: Bool) throws(NetlinkError) {
        let requests = [FilterMessages.makeTable(name, owned: owned)] + rules.requests(in: name)
        try filter.send(FilterMessages.batch(requests), to: "make the table of filters")
    }

    func makeSwitch(
        to interface: ByteString,
        address: RouteMessages.HardwareAddress
    ) throws(NetworkError) -> ContainerSwitch {
        let namespace = try makeNamespace(isSilent: true)
        do throws(NetlinkError) {
            return try ContainerSwitch(
                to: RouteMessages.LinkEnd(name: interface, address: address),
                host: route,
                namespace: namespace,
                mtu: routes.mtu
            )
        } catch {
            throw .from(error, needing: "pairs of virtual interfaces (veth)")
        }
    }

    func useBridge(_ hub: ContainerSwitch) throws(NetworkError) {
        do throws(NetlinkError) { try hub.useBridge() } catch { throw .from(error, needing: "bridges") }
    }

    /// Makes an empty namespace; call it on a thread that may change its own.
    func makeNamespace(isSilent: Bool = false) throws(NetworkError) -> OwnedNamespace {
        do throws(SystemError) {
            return try OwnedNamespace(returningTo: home, isSilent: isSilent && hasIPv6)
        } catch {
            throw error.errno == .invalidArgument ? .unsupported("network namespaces") : .from(error)
        }
    }

    private func silence(_ interface: ByteString) throws(NetlinkError) {
        guard hasIPv6 else { return }
        do throws(SystemError) {
            try KernelSetting.withoutIPv6(interface).set(true)
        } catch {
            // Where settings are read-only, it at least gets no address.
            try route.send([RouteMessages.forbidOwnAddresses(interface)], to: "configure an interface")
        }
    }

    /// Gives the interface its address and brings it up, without IPv6.
    func configure(_ interface: ByteString, _ address: IPv4Address, in subnet: IPv4Subnet) throws(NetworkError) {
        do throws(NetlinkError) {
            try silence(interface)
            let index = try route.index(of: interface)
            try route.send(
                [RouteMessages.addAddress(address, in: subnet, link: index), RouteMessages.raise(interface)],
                to: "configure an interface"
            )
            try route.waitUntilReady(interface)
        } catch {
            throw .from(error)
        }
    }
}
