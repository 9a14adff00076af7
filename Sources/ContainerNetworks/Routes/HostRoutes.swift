import ByteStrings
import LinuxSystem

/// A network interface, as far as a network of containers has to know it.
struct HostLink: Hashable, Sendable {
    let index: UInt32
    let name: ByteString
    let mtu: UInt32

    /// Whether packets go through; for a port of a bridge, through the bridge too.
    let isReady: Bool

    init(index: UInt32, name: ByteString, mtu: UInt32, isReady: Bool = true) {
        self.index = index
        self.name = name
        self.mtu = mtu
        self.isReady = isReady
    }

    /// Reads an answer about a link, or gives nil when it is something else.
    init?(_ reply: NetlinkReply) {
        guard reply.type == RouteNumbers.newLink, let index = reply.body.integer(at: 4, as: UInt32.self) else {
            return nil
        }
        let fields = reply.fields(after: RouteNumbers.Link.headerSize)
        guard let name = fields.text(RouteNumbers.Link.name) else { return nil }
        self.index = index
        self.name = name
        mtu = fields.integer(RouteNumbers.Link.mtu) ?? 1500
        let port = fields.nested(RouteNumbers.Link.info).nested(RouteNumbers.Link.infoPortData)
        isReady =
            fields[RouteNumbers.Link.state]?.first == RouteNumbers.Link.isRunning
            && [nil, RouteNumbers.Link.isForwarding].contains(port[RouteNumbers.Link.portState]?.first)
    }
}

/// A route of IPv4, as far as a network of containers has to know it.
struct HostRoute: Hashable, Sendable {
    let destination: IPv4Subnet

    /// Indexes of the interfaces by which packets leave; none for a route that refuses them.
    let interfaces: [UInt32]

    /// Whether packets for other hosts take it.
    let isUnicast: Bool

    private static let nextHopHeaderSize = 8

    init(destination: IPv4Subnet, interfaces: [UInt32], isUnicast: Bool) {
        self.destination = destination
        self.interfaces = interfaces
        self.isUnicast = isUnicast
    }

    /// Reads an answer about a route, or gives nil when it is something else.
    init?(_ reply: NetlinkReply) {
        guard reply.type == RouteNumbers.newRoute else { return nil }
        self.init(body: reply.body)
    }

    /// Reads a `struct rtmsg` and its attributes.
    init?(body: ArraySlice<UInt8>) {
        guard let length = body.integer(at: 1, as: UInt8.self), let type = body.integer(at: 7, as: UInt8.self) else {
            return nil
        }
        let fields = NetlinkFields(body.dropFirst(RouteNumbers.Route.headerSize))
        let address = fields[RouteNumbers.Route.destination].flatMap { IPv4Address(bytes: $0) }
        destination = IPv4Subnet(address ?? IPv4Address(number: 0), prefixLength: length)
        isUnicast = type == RouteNumbers.Route.unicast
        if let interface = fields.integer(RouteNumbers.Route.outputInterface) {
            interfaces = [interface]
        } else {
            interfaces = Self.nextHops(fields[RouteNumbers.Route.multipath] ?? [])
        }
    }

    /// The interfaces in a list of `struct rtnexthop`.
    private static func nextHops(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
        var found: [UInt32] = []
        var rest = bytes
        while let length = rest.integer(at: 0, as: UInt16.self), let index = rest.integer(at: 4, as: UInt32.self),
            length >= nextHopHeaderSize, length <= rest.count
        {
            found.append(index)
            rest = rest.dropFirst((Int(length) + 3) & ~3)
        }
        return found
    }
}

/// What the host's network looks like at one moment.
struct HostRoutes: Sendable {
    let links: [HostLink]
    let routes: [HostRoute]

    /// The subnets of the host's own addresses, also on interfaces that are down.
    let addresses: [IPv4Subnet]

    init(links: [HostLink], routes: [HostRoute], addresses: [IPv4Subnet]) {
        self.links = links
        self.routes = routes
        self.addresses = addresses
    }

    init(_ socket: NetlinkSocket) throws(NetlinkError) {
        links = try socket.list(RouteMessages.allLinks, to: "list the network interfaces") { HostLink($0) }
        routes = try socket.list(RouteMessages.allRoutes, to: "list the routes") { HostRoute($0) }
        addresses = try socket.list(RouteMessages.allAddresses, to: "list the addresses") { reply in
            guard reply.type == RouteNumbers.newAddress, let length = reply.body.integer(at: 1, as: UInt8.self),
                let bytes = reply.fields(after: RouteNumbers.Address.headerSize)[RouteNumbers.Address.address],
                let address = IPv4Address(bytes: bytes)
            else { return nil }
            return IPv4Subnet(address, prefixLength: length)
        }
    }

    /// Every subnet that somebody here uses.
    var taken: [IPv4Subnet] {
        addresses + routes.map(\.destination).filter { $0.prefixLength > 0 }
    }

    /// The largest packet that fits every way out of the host, in bytes.
    var mtu: UInt32 {
        let ways = Set(routes.filter { $0.isUnicast && $0.destination.prefixLength == 0 }.flatMap(\.interfaces))
        // Below the first IPv6 is off; the second is the most that links between containers take.
        return min(max(links.filter { ways.contains($0.index) }.map(\.mtu).min() ?? 1500, 576), 65535)
    }

    /// Names of the interfaces by which packets leave for other hosts, without loopback and networks of ours.
    var uplinks: [ByteString] {
        let ways = Set(routes.filter(\.isUnicast).flatMap(\.interfaces))
        return links.filter { ways.contains($0.index) && $0.name != "lo" && NetworkName(object: $0.name) == nil }
            .map(\.name)
    }
}
