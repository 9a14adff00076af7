import ByteStrings
import LinuxSystem
import Testing

@testable import ContainerNetworks

struct FilterMessageTests {
    @Test(.enabled(if: UInt16(1).littleEndian == 1, "the expected bytes are those of a little-endian processor"))
    func `a rule is a list of expressions`() throws {
        let message = FilterMessages.addRule(
            [.outputInterface, .isDifferent(FilterExpression.whole("br0")), .verdict(.drop)],
            to: "c",
            in: "t"
        )
        let bytes = try message.encoded(sequence: 1)
        #expect(
            bytes == [
                168, 0, 0, 0, 6, 10, 5, 12, 1, 0, 0, 0, 0, 0, 0, 0,
                2, 0, 0, 0,
                6, 0, 1, 0, 0x74, 0, 0, 0,
                6, 0, 2, 0, 0x63, 0, 0, 0,
                132, 0, 4, 0x80,
                36, 0, 1, 0x80, 9, 0, 1, 0, 0x6D, 0x65, 0x74, 0x61, 0, 0, 0, 0,
                20, 0, 2, 0x80, 8, 0, 1, 0, 0, 0, 0, 1, 8, 0, 2, 0, 0, 0, 0, 7,
                44, 0, 1, 0x80, 8, 0, 1, 0, 0x63, 0x6D, 0x70, 0,
                32, 0, 2, 0x80, 8, 0, 1, 0, 0, 0, 0, 1, 8, 0, 2, 0, 0, 0, 0, 1,
                12, 0, 3, 0x80, 8, 0, 1, 0, 0x62, 0x72, 0x30, 0,
                48, 0, 1, 0x80, 14, 0, 1, 0, 0x69, 0x6D, 0x6D, 0x65, 0x64, 0x69, 0x61, 0x74, 0x65, 0, 0, 0,
                28, 0, 2, 0x80, 8, 0, 1, 0, 0, 0, 0, 0,
                16, 0, 2, 0x80, 12, 0, 2, 0x80, 8, 0, 1, 0, 0, 0, 0, 0,
            ]
        )
    }

    @Test func `a batch stands between marks`() {
        let batch = FilterMessages.batch([FilterMessages.deleteTable("t")])
        #expect(batch.map(\.type) == [16, 0x0A02, 17])
        #expect(batch.map { $0.flags.contains(.acknowledge) } == [false, true, false])
    }

    @Test func `containers are reached by answers only`() throws {
        let rules = NetworkRules(interface: "slipway-0acb07", subnet: try subnet("10.203.7.0/24"))
        let name = FilterExpression.whole("slipway-0acb07")
        #expect(rules.forwardingRules.last == [.outputInterface, .isEqual(name), .verdict(.drop)])
        #expect(
            rules.translationRule == [
                .source, .mask([255, 255, 255, 0]), .isEqual([10, 203, 7, 0]), .outputInterface, .isDifferent(name),
                .masquerade,
            ]
        )
    }

    @Test func `a comment survives being written and read`() throws {
        let data = FilterRuleRecord.userData("slipway-0acb07")
        #expect(data == [0, 15] + Array("slipway-0acb07".utf8) + [0])
        #expect(FilterRuleRecord.userData(ByteString([UInt8](repeating: 0x61, count: 300))).count == 130)
    }
}

struct HostRoutesTests {
    private static let links = [
        HostLink(index: 1, name: "lo", mtu: 65536), HostLink(index: 2, name: "eth0", mtu: 1400),
        HostLink(index: 3, name: "tun0", mtu: 1300), HostLink(index: 4, name: "slipway-0acb07", mtu: 1400),
    ]

    private static func route(_ text: String, _ interfaces: [UInt32], isUnicast: Bool = true) throws -> HostRoute {
        HostRoute(destination: try subnet(text), interfaces: interfaces, isUnicast: isUnicast)
    }

    @Test func `packets are as large as the way out allows`() throws {
        let addresses: [IPv4Subnet] = []
        let way = try Self.route("0.0.0.0/0", [2])
        let other = try Self.route("192.0.2.0/24", [3])
        #expect(HostRoutes(links: Self.links, routes: [way, other], addresses: addresses).mtu == 1400)
        let both = try Self.route("0.0.0.0/0", [2, 3])
        #expect(HostRoutes(links: Self.links, routes: [both], addresses: addresses).mtu == 1300)
        #expect(HostRoutes(links: Self.links, routes: [other], addresses: addresses).mtu == 1500)
    }

    @Test func `ways out are the interfaces of routes to others, without our own`() throws {
        let routes = [
            try Self.route("0.0.0.0/0", [2]), try Self.route("10.203.7.0/24", [4]),
            try Self.route("127.0.0.0/8", [1], isUnicast: false), try Self.route("192.0.2.2/32", [3], isUnicast: false),
        ]
        #expect(HostRoutes(links: Self.links, routes: routes, addresses: []).uplinks == ["eth0"])
    }

    @Test func `routes over several ways are read`() throws {
        let hop: (UInt8) -> [UInt8] = { [16, 0, 0, 0, $0, 0, 0, 0, 8, 0, 5, 0, 192, 0, 2, $0] }
        let multipath = hop(2) + hop(3)
        var attributes: [UInt8] = [8, 0, 1, 0, 10, 0, 0, 0]
        attributes += [UInt8(4 + multipath.count), 0, 9, 0] + multipath
        let route = try #require(HostRoute(body: ([2, 8, 0, 0, 254, 4, 0, 1, 0, 0, 0, 0] + attributes)[...]))
        #expect(route.destination == (try subnet("10.0.0.0/8")))
        #expect(route.interfaces == [2, 3])
        #expect(route.isUnicast)
    }
}
