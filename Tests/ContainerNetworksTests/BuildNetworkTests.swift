import ByteStrings
import Foundation
import LinuxSystem
import SystemPackage
import TestSupport
import Testing

@testable import ContainerNetworks

@Suite(.networks) struct BuildNetworkTests {
    @Test(arguments: [false, true]) func `a container reaches the world under the address of the host`(
        usingBridge: Bool
    ) throws {
        let test = try TestHost()
        let network = try test.host.run { try Self.started(usingBridge: usingBridge) }
        let container = try network.namespace()
        let server = try TestServer(on: TestHost.worldAddress, thread: test.world)
        #expect(try TestHost.peer(from: container, to: server) == TestHost.hostAddress)
        try network.close()
    }

    @Test(arguments: [false, true]) func `a container reaches the host by the gateway and under its own address`(
        usingBridge: Bool
    ) throws {
        let test = try TestHost()
        let network = try test.host.run { try Self.started(usingBridge: usingBridge) }
        let container = try network.namespace()
        let server = try TestServer(on: try network.gateway(), thread: test.host)
        #expect(try TestHost.peer(from: container, to: server) == container.address)
        try network.close()
    }

    @Test(arguments: [false, true]) func `a container has loopback of both kinds and one address`(usingBridge: Bool)
        throws
    {
        let test = try TestHost()
        let network = try test.host.run { try Self.started(usingBridge: usingBridge) }
        let container = try network.namespace()
        let (links, addresses, version6) = try TestHost.inside(container) {
            let routes = try HostRoutes(NetlinkSocket(.route))
            let listing = try? OwnedDescriptor.openFile("/proc/thread-self/net/if_inet6", .readOnly).readAll(
                limit: 4096
            )
            return (routes.links, routes.addresses, listing.map { String(decoding: $0, as: UTF8.self) })
        }
        #expect(Set(addresses) == [try subnet("127.0.0.0/8"), try network.subnet()])
        #expect(links.first { $0.name == "eth0" }?.mtu == TestHost.mtu)
        if let version6 {
            let lines = version6.split(separator: "\n")
            #expect(lines.count == 1)
            #expect(lines.first?.hasPrefix("00000000000000000000000000000001") == true)
        }
        try network.close()
    }

    @Test(arguments: [false, true])
    func `containers reach neither those of other builds nor those of their own`(usingBridge: Bool) throws {
        let test = try TestHost()
        let (first, second) = try test.host.run { (try Self.started(usingBridge: usingBridge), try Self.started()) }
        #expect(try first.subnet() != second.subnet())
        let client = try first.namespace()
        for other in [try first.namespace(), try second.namespace()] {
            let descriptor = try TestHost.inside(other) { try TestServer.opened(on: other.address) }
            let server = TestServer(adopting: descriptor, on: other.address)
            #expect(try TestHost.peer(from: other, to: server) == other.address)
            #expect(try TestHost.peer(from: client, to: server) == nil)
        }
        try first.close()
        try second.close()
    }

    @Test func `nobody outside reaches a container`() throws {
        let test = try TestHost()
        let network = try test.host.run { try Self.started() }
        let container = try network.namespace()
        let address = container.address
        let descriptor = try TestHost.inside(container) { try TestServer.opened(on: address) }
        let server = TestServer(adopting: descriptor, on: address)
        let port = server.port
        try test.world.run {
            try NetlinkSocket(.route).send(
                [RouteMessages.addDefaultRoute(over: TestHost.hostAddress)],
                to: "add a route"
            )
        }
        #expect(!test.world.run { TestServer.canConnect(to: address, port) })
        #expect(test.host.run { TestServer.canConnect(to: address, port) })
        try network.close()
    }

    @Test(arguments: [false, true]) func `closing leaves the host as it was`(usingBridge: Bool) throws {
        let test = try TestHost()
        let before = try test.state()
        let network = try test.host.run { try Self.started(usingBridge: usingBridge) }
        let container = try network.namespace()
        #expect(try test.state() != before)
        try network.close()
        #expect(try test.state() == before)
        withExtendedLifetime(container) {}
    }

    @Test func `letting go leaves the host as it was`() throws {
        let test = try TestHost()
        let before = try test.state()
        try test.host.run { _ = try Self.started() }
        try eventually { try test.state() == before }
    }

    @Test(arguments: [false, true]) func `two hundred namespaces work and leave nothing behind`(usingBridge: Bool)
        throws
    {
        let test = try TestHost()
        let (before, descriptors) = (try test.state(), Self.namespaceDescriptors())
        let network = try test.host.run { try Self.started(usingBridge: usingBridge) }
        var addresses: [IPv4Address] = []
        for _ in 0..<200 {
            let container = try network.namespace()
            addresses.append(container.address)
        }
        #expect(Set(addresses).count == 200)
        let last = try network.namespace()
        let server = try TestServer(on: TestHost.worldAddress, thread: test.world)
        #expect(try TestHost.peer(from: last, to: server) == TestHost.hostAddress)
        try network.close()
        #expect(try test.state() == before)
        // Other tests have some of their own meanwhile.
        try eventually { Self.namespaceDescriptors() < descriptors + 50 }
    }

    @Test(arguments: [false, true]) func `addresses are used again when all have been`(usingBridge: Bool) throws {
        let test = try TestHost()
        let network = try test.host.run { try Self.started(usingBridge: usingBridge) }
        for _ in 0..<300 { _ = try network.namespace() }
        let last = try network.namespace(isLast: true)
        let server = try TestServer(on: try network.gateway(), thread: test.host)
        #expect(try TestHost.peer(from: last, to: server) == last.address)
        try network.close()
    }

    @Test func `a closed network gives out nothing`() throws {
        let test = try TestHost()
        let network = BuildNetwork()
        try network.close()
        #expect(throws: NetworkError.closed) { try network.namespace() }
        let used = try test.host.run { try Self.started() }
        try used.close()
        try used.close()
        #expect(throws: NetworkError.closed) { try used.namespace() }
        #expect(throws: NetworkError.closed) { try used.gateway() }
    }

    @Test func `a network of which nobody asks anything makes nothing`() throws {
        let test = try TestHost()
        let before = try test.state()
        let network = test.host.run { BuildNetwork() }
        #expect(try test.state() == before)
        try network.close()
    }

    // MARK: - Subnets

    @Test func `what the host uses is avoided`() throws {
        let test = try TestHost()
        let network = try test.host.run {
            let socket = try NetlinkSocket(.route)
            // Only the third pool is left.
            for (index, text) in ["10.0.0.1/8", "172.16.0.1/12"].enumerated() {
                let name = ByteString("used\(index)")
                try socket.send([RouteMessages.makeBridge(name, mtu: 1500)], to: "make a bridge")
                let parts = text.split(separator: "/")
                let address = try #require(IPv4Address(ByteString(String(parts[0]))))
                try socket.send(
                    [RouteMessages.addAddress(address, in: try subnet(text), link: try socket.index(of: name))],
                    to: "give an address"
                )
            }
            return try Self.started()
        }
        #expect(try subnet("192.168.0.0/16").contains(network.gateway()))
        try network.close()
    }

    // MARK: - Left-overs

    @Test func `what a dead process left is swept by the next`() throws {
        let test = try TestHost()
        let before = try test.state()
        let dead = NetworkName(try subnet("10.99.1.0/24"))
        let alive = NetworkName(try subnet("10.99.2.0/24"))
        try test.host.run {
            try Self.leaveBehind(dead)
            try Self.leaveBehind(alive)
        }
        let claim = try test.host.run { try Claim(alive) }
        let network = try test.host.run { try Self.started() }
        let (links, tables) = (try test.state().links, try test.state().tables)
        #expect(!links.contains(dead.object) && !tables.contains(dead.object))
        #expect(links.contains(alive.object) && tables.contains(alive.object))
        try network.close()
        claim.release()
        try test.host.run { try Self.started() }.close()
        #expect(try test.state() == before)
    }

    @Test func `a sweep of its own switches off what a dead process switched on`() throws {
        let test = try TestHost(forwards: false)
        let before = try test.state()
        try test.host.run {
            let (route, filter) = (try NetlinkSocket(.route), try NetlinkSocket(.netfilter))
            try HostForwarding(route: route, filter: filter).enable(interface: "lo", uplinks: ["out0"])
            try Self.leaveBehind(NetworkName(try subnet("10.99.3.0/24")))
        }
        #expect(test.host.run { KernelSetting.forwarding("out0").isOn })
        try test.host.run { try BuildNetwork.sweep() }
        #expect(!test.host.run { KernelSetting.forwarding("out0").isOn })
        #expect(try test.state() == before)
    }

    private static func leaveBehind(_ name: NetworkName) throws {
        let far = RouteMessages.LinkEnd(name: ByteString("peer") + ByteString(name.object.bytes.suffix(6)))
        let pair = RouteMessages.makePair(RouteMessages.LinkEnd(name: name.object), far, mtu: 1500)
        try NetlinkSocket(.route).send([pair], to: "leave an interface")
        let table = FilterMessages.makeTable(name.object, owned: false)
        try NetlinkSocket(.netfilter).send(FilterMessages.batch([table]), to: "leave a table")
    }

    // MARK: - The host's own rules

    @Test func `a host that forwards nothing does so for builds only, and only as long as there are any`() throws {
        let test = try TestHost(forwards: false)
        let before = try test.state()
        let uplink = KernelSetting.forwarding("out0")
        let (first, second) = try test.host.run { (try Self.started(), try Self.started()) }
        let server = try TestServer(on: TestHost.worldAddress, thread: test.world)
        for network in [first, second] {
            #expect(try TestHost.peer(from: network.namespace(), to: server) == TestHost.hostAddress)
        }
        #expect(test.host.run { uplink.isOn && !KernelSetting.forwarding("all").isOn })
        try first.close()
        #expect(test.host.run { uplink.isOn })
        #expect(try TestHost.peer(from: second.namespace(), to: server) == TestHost.hostAddress)
        try second.close()
        #expect(!test.host.run { uplink.isOn })
        #expect(try test.state() == before)
    }

    @Test func `a firewall that stops strangers is told about the network`() throws {
        let test = try TestHost()
        try test.host.run {
            try NetlinkSocket(.netfilter).send(
                FilterMessages.batch([
                    FilterMessages.makeSharedTable("filter"),
                    FilterMessages.makeChain("FORWARD", in: "filter", at: .forwarding, policy: .drop),
                ]),
                to: "make a firewall"
            )
        }
        let before = try test.state()
        let network = try test.host.run { try Self.started() }
        let server = try TestServer(on: TestHost.worldAddress, thread: test.world)
        #expect(try TestHost.peer(from: network.namespace(), to: server) == TestHost.hostAddress)
        try network.close()
        #expect(try test.state() == before)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: legacy), "iptables-legacy is not installed"))
    func `an older firewall that stops strangers is reported`() throws {
        let test = try TestHost()
        try test.host.run { try Self.iptables("-P", "FORWARD", "DROP") }
        #expect(throws: NetworkError.forwardingBlocked(table: "filter", chain: "FORWARD")) {
            try test.host.run { try Self.started() }
        }
        try test.host.run {
            try Self.iptables("-I", "FORWARD", "-i", "slipway-+", "-j", "ACCEPT")
            try Self.iptables("-I", "FORWARD", "-o", "slipway-+", "-j", "ACCEPT")
        }
        let network = try test.host.run { try Self.started() }
        let server = try TestServer(on: TestHost.worldAddress, thread: test.world)
        #expect(try TestHost.peer(from: network.namespace(), to: server) == TestHost.hostAddress)
        try network.close()
    }

    private static let legacy = "/usr/sbin/iptables-legacy"

    private static func iptables(_ arguments: String...) throws {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: legacy)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    // MARK: - Fixtures

    /// A network of the namespace of the calling thread.
    private static func started(usingBridge: Bool = false) throws(NetworkError) -> BuildNetwork {
        let network = BuildNetwork(usingBridge: usingBridge)
        _ = try network.gateway()
        return network
    }

    /// How many descriptors of network namespaces this process has open.
    private static func namespaceDescriptors() -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.filter { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
            return target?.hasPrefix("net:") == true
        }.count
    }

    private func eventually(_ condition: () throws -> Bool) throws {
        for _ in 0..<200 {
            if try condition() { return }
            usleep(10_000)
        }
        Issue.record("it did not come about within two seconds")
    }
}

/// The claim of somebody else.
private final class Claim: Sendable {
    private let descriptor: CInt

    init(_ name: NetworkName) throws {
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = name.claim.bytes
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + 1 + bytes.count)
        let socket = descriptor
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
        }
        try #require(result == 0)
    }

    func release() { close(descriptor) }
}
