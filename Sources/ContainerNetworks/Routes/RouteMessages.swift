import ByteStrings
import LinuxSystem

/// Requests about links, addresses and routes.
///
/// Source: `rtnetlink(7)`.
enum RouteMessages {
    private typealias Link = RouteNumbers.Link
    private typealias Route = RouteNumbers.Route

    /// An address of a network card.
    typealias HardwareAddress = [UInt8]

    static var allLinks: NetlinkMessage {
        var message = NetlinkMessage(type: RouteNumbers.getLink, flags: .dump, header: linkHeader())
        message.attributes.append(Link.extensionMask, Link.withoutStatistics)
        return message
    }

    static var allAddresses: NetlinkMessage {
        NetlinkMessage(
            type: RouteNumbers.getAddress,
            flags: .dump,
            header: [RouteNumbers.internet] + zeros(RouteNumbers.Address.headerSize - 1)
        )
    }

    static var allRoutes: NetlinkMessage {
        NetlinkMessage(
            type: RouteNumbers.getRoute,
            flags: .dump,
            header: [RouteNumbers.internet] + zeros(Route.headerSize - 1)
        )
    }

    /// Asks for one link by its name.
    static func link(_ name: ByteString) -> NetlinkMessage {
        var message = NetlinkMessage(type: RouteNumbers.getLink, flags: .acknowledge, header: linkHeader())
        message.attributes.append(Link.name, text: name)
        return message
    }

    /// Makes a bridge, which is down.
    static func makeBridge(_ name: ByteString, mtu: UInt32) -> NetlinkMessage {
        var message = NetlinkMessage(
            type: RouteNumbers.newLink,
            flags: [.create, .exclusive, .acknowledge],
            header: linkHeader()
        )
        message.attributes.append(Link.name, text: name)
        message.attributes.append(Link.mtu, mtu)
        message.attributes.append(Link.info) { info in
            info.append(Link.infoKind, text: "bridge")
            info.append(Link.infoData) { $0.append(Link.bridgeMulticastSnooping, UInt8(0)) }
        }
        return message
    }

    /// One end of a pair of links.
    struct LinkEnd: Hashable, Sendable {
        var name: ByteString
        var address: HardwareAddress?

        /// The index of the bridge of which it becomes a port, or nil for none.
        var bridge: UInt32?

        /// The namespace in which it is, or nil for that of the socket.
        var namespace: CInt?
    }

    /// Makes a pair of links, both down: what goes into one comes out of the other.
    static func makePair(_ first: LinkEnd, _ second: LinkEnd, mtu: UInt32) -> NetlinkMessage {
        var message = NetlinkMessage(
            type: RouteNumbers.newLink,
            flags: [.create, .exclusive, .acknowledge],
            header: linkHeader()
        )
        append(first, mtu, to: &message.attributes)
        message.attributes.append(Link.info) { info in
            info.append(Link.infoKind, text: "veth")
            info.append(Link.infoData) { data in
                data.append(Link.vethPeer) { peer in
                    peer.appendHeader(linkHeader())
                    append(second, mtu, to: &peer)
                }
            }
        }
        return message
    }

    /// Makes an interface upon another, down, with an address of its own; those upon the same do not reach each other.
    static func makePrivate(_ end: LinkEnd, upon lower: UInt32, mtu: UInt32) -> NetlinkMessage {
        var message = NetlinkMessage(
            type: RouteNumbers.newLink,
            flags: [.create, .exclusive, .acknowledge],
            header: linkHeader()
        )
        append(end, mtu, to: &message.attributes)
        message.attributes.append(Link.lowerLink, lower)
        message.attributes.append(Link.info) { info in
            info.append(Link.infoKind, text: "macvlan")
            info.append(Link.infoData) { $0.append(Link.macvlanMode, Link.macvlanPrivate) }
        }
        return message
    }

    private static func append(_ end: LinkEnd, _ mtu: UInt32, to attributes: inout NetlinkAttributes) {
        attributes.append(Link.name, text: end.name)
        attributes.append(Link.mtu, mtu)
        if let address = end.address { attributes.append(Link.address, bytes: address) }
        if let bridge = end.bridge { attributes.append(Link.master, bridge) }
        if let namespace = end.namespace { attributes.append(Link.namespaceDescriptor, namespace) }
    }

    /// Makes a link a port of a bridge.
    static func join(_ name: ByteString, bridge: UInt32) -> NetlinkMessage {
        var message = NetlinkMessage(type: RouteNumbers.newLink, flags: .acknowledge, header: linkHeader())
        message.attributes.append(Link.name, text: name)
        message.attributes.append(Link.master, bridge)
        return message
    }

    /// What the link of a container is called inside.
    static let containerLink: ByteString = "eth0"

    /// Keeps a port of a bridge from reaching other such ports.
    static func isolatePort(_ name: ByteString) -> NetlinkMessage {
        var message = NetlinkMessage(type: RouteNumbers.newLink, flags: .acknowledge, header: linkHeader())
        message.attributes.append(Link.name, text: name)
        message.attributes.append(Link.info) { info in
            info.append(Link.infoPortKind, text: "bridge")
            info.append(Link.infoPortData) { $0.append(Link.portIsolated, UInt8(1)) }
        }
        return message
    }

    /// Keeps a link from giving itself an address of IPv6.
    static func forbidOwnAddresses(_ name: ByteString) -> NetlinkMessage {
        var message = NetlinkMessage(type: RouteNumbers.newLink, flags: .acknowledge, header: linkHeader())
        message.attributes.append(Link.name, text: name)
        message.attributes.append(Link.families) { families in
            families.append(RouteNumbers.internet6) {
                $0.append(Link.addressGeneration, Link.noAddressGeneration)
            }
        }
        return message
    }

    static func raise(_ name: ByteString) -> NetlinkMessage {
        var message = NetlinkMessage(
            type: RouteNumbers.newLink,
            flags: .acknowledge,
            header: linkHeader(flags: Link.flagUp, change: Link.flagUp)
        )
        message.attributes.append(Link.name, text: name)
        return message
    }

    static func deleteLink(_ name: ByteString) -> NetlinkMessage {
        var message = NetlinkMessage(type: RouteNumbers.deleteLink, flags: .acknowledge, header: linkHeader())
        message.attributes.append(Link.name, text: name)
        return message
    }

    /// Gives a link an address of a subnet.
    static func addAddress(_ address: IPv4Address, in subnet: IPv4Subnet, link: UInt32) -> NetlinkMessage {
        let header = [RouteNumbers.internet, subnet.prefixLength, 0, 0] + bytes(link)
        var message = NetlinkMessage(
            type: RouteNumbers.newAddress,
            flags: [.create, .exclusive, .acknowledge],
            header: header
        )
        message.attributes.append(RouteNumbers.Address.local, bytes: address.bytes)
        message.attributes.append(RouteNumbers.Address.address, bytes: address.bytes)
        message.attributes.append(RouteNumbers.Address.broadcast, bytes: subnet.broadcast.bytes)
        return message
    }

    static func addDefaultRoute(over gateway: IPv4Address) -> NetlinkMessage {
        let header: [UInt8] = [
            RouteNumbers.internet, 0, 0, 0, Route.mainTable, Route.staticProtocol, Route.universe, Route.unicast,
        ]
        var message = NetlinkMessage(
            type: RouteNumbers.newRoute,
            flags: [.create, .exclusive, .acknowledge],
            header: header + zeros(4)
        )
        message.attributes.append(Route.gateway, bytes: gateway.bytes)
        return message
    }

    /// `struct ifinfomsg`.
    private static func linkHeader(index: UInt32 = 0, flags: UInt32 = 0, change: UInt32 = 0) -> [UInt8] {
        zeros(4) + bytes(index) + bytes(flags) + bytes(change)
    }

    private static func bytes(_ integer: UInt32) -> [UInt8] {
        withUnsafeBytes(of: integer) { Array($0) }
    }

    private static func zeros(_ count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: count)
    }
}
