import ByteStrings
import LinuxSystem
import Synchronization
import SystemPackage

/// A network as it exists in the kernel: a switch for containers, a table of filters, and what they need from the host.
///
/// Goes away with its owner at the latest. What makes namespaces has to be called on a thread that may change them.
final class NetworkInstallation: Sendable {
    let subnet: IPv4Subnet

    private let name: NetworkName
    private let host: NetworkHost

    /// Tells others that the owner lives.
    private let claim: AbstractName

    private let hub: ContainerSwitch
    private let retired = RetiredNamespaces()
    private let nextNumber = Atomic<UInt32>(0)
    private let isRemoved = Atomic<Bool>(false)

    /// The numbers of containers: not the subnet itself, the gateway, or the address of broadcasts.
    private static let numbers: ClosedRange<UInt32> = 2...254

    /// Sweeps, then takes a subnet and makes everything.
    ///
    /// What was made before a failure is removed again. `usingBridge` does without interfaces that the kernel may lack.
    static func make(
        avoiding addresses: [IPv4Address],
        usingBridge: Bool
    ) throws(NetworkError) -> NetworkInstallation {
        let host = try NetworkHost()
        try NetworkSweep(route: host.route, filter: host.filter).sweep(links: host.routes.links.map(\.name))
        let taken = host.routes.taken + addresses.map { IPv4Subnet($0, prefixLength: 32) }
        for subnet in SubnetChoice.candidates(avoiding: taken, start: host.randomNumber) {
            guard let claim = try claim(NetworkName(subnet)) else { continue }
            if let made = try make(subnet, host, claim, usingBridge) { return made }
        }
        throw .noFreeSubnet
    }

    private static func claim(_ name: NetworkName) throws(NetworkError) -> AbstractName? {
        do throws(SystemError) { return try AbstractName.claim(name.claim) } catch { throw .from(error) }
    }

    /// Makes everything, or gives nil when something of the name exists which no claim protects.
    private static func make(
        _ subnet: IPv4Subnet,
        _ host: NetworkHost,
        _ claim: consuming AbstractName,
        _ usingBridge: Bool
    ) throws(NetworkError) -> NetworkInstallation? {
        let name = NetworkName(subnet)
        do throws(NetlinkError) {
            try host.makeTable(name.object, NetworkRules(interface: name.object, subnet: subnet))
        } catch {
            if error.errno == .fileExists { return nil }
            throw .from(error, needing: "nf_tables with address translation")
        }
        do throws(NetworkError) {
            let hub = try host.makeSwitch(to: name.object, address: subnet.address(at: 1).hardwareAddress)
            if usingBridge { try host.useBridge(hub) }
            let installation = NetworkInstallation(subnet, name, host, hub, claim)
            try installation.open()
            return installation
        } catch {
            try? NetworkRemains(route: host.route, filter: host.filter, name: name).removeAll()
            throw error
        }
    }

    private init(
        _ subnet: IPv4Subnet,
        _ name: NetworkName,
        _ host: NetworkHost,
        _ hub: ContainerSwitch,
        _ claim: consuming AbstractName
    ) {
        self.subnet = subnet
        self.name = name
        self.host = host
        self.hub = hub
        self.claim = claim
    }

    deinit {
        try? remove()
    }

    /// The host's address in the network, which is the containers' way out.
    var gateway: IPv4Address { subnet.address(at: 1) }

    /// Makes the interface useful.
    private func open() throws(NetworkError) {
        try host.configure(name.object, gateway, in: subnet)
        do throws(NetlinkError) { try hub.waitForHost() } catch { throw .from(error) }
        try HostForwarding(route: host.route, filter: host.filter)
            .enable(interface: name.object, uplinks: host.routes.uplinks)
        try HostFirewall(filter: host.filter).open(for: name)
    }

    /// Makes a namespace for one container, connected to the switch.
    func makeNamespace() throws(NetworkError) -> ContainerNamespace {
        let count = Self.numbers.upperBound - Self.numbers.lowerBound + 1
        var failure = NetlinkError(operation: "connect a container", errno: .fileExists)
        for _ in 0..<count {
            let turn = nextNumber.add(1, ordering: .relaxed).oldValue
            let address = subnet.address(at: Self.numbers.lowerBound + turn % count)
            let namespace = try host.makeNamespace()
            do throws(NetlinkError) {
                try connect(namespace, at: address)
                return ContainerNamespace(namespace.handle, address: address, retired: retired)
            } catch {
                // An earlier container has the address, because it still runs or the kernel has not removed it yet.
                guard error.errno == .fileExists || error.errno == .addressInUse else {
                    throw .from(error, needing: "virtual interfaces (macvlan, or veth and bridge)")
                }
                failure = error
            }
        }
        throw .from(failure)
    }

    private func connect(_ namespace: OwnedNamespace, at address: IPv4Address) throws(NetlinkError) {
        try hub.connect(namespace, at: address)
        try configure(namespace.socket, address)
        try hub.wait(for: address)
        try namespace.socket.waitUntilReady(RouteMessages.containerLink)
    }

    private func configure(_ socket: NetlinkSocket, _ address: IPv4Address) throws(NetlinkError) {
        let link = RouteMessages.containerLink
        let index = try socket.index(of: link)
        var requests = [RouteMessages.raise("lo")]
        if host.hasIPv6 { requests.append(RouteMessages.forbidOwnAddresses(link)) }
        requests.append(RouteMessages.raise(link))
        requests.append(RouteMessages.addAddress(address, in: subnet, link: index))
        requests.append(RouteMessages.addDefaultRoute(over: gateway))
        try socket.send(requests, to: "configure the network of a container")
    }

    /// Removes everything that others can see; further calls do nothing.
    ///
    /// The namespaces go with the object. Goes on after a failure and throws the first.
    func remove() throws(NetworkError) {
        guard !isRemoved.exchange(true, ordering: .acquiringAndReleasing) else { return }
        try NetworkRemains(route: host.route, filter: host.filter, name: name).removeAll()
    }
}
