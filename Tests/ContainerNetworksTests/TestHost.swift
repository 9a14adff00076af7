import ByteStrings
import Foundation
import LinuxSystem
import Synchronization
import SystemPackage
import Testing

@testable import ContainerNetworks

/// Whether this machine lets tests make networks.
enum Networks {
    static let isPossible: Bool = {
        guard Host.effectiveUserID == 0, let thread = try? NamespaceThread(name: "test-probe") else { return false }
        let made: Bool = thread.run {
            do { try NetworkNamespace.makeCurrent() } catch { return false }
            return (try? HostState()) != nil
        }
        return made
    }()
}

extension Trait where Self == ConditionTrait {
    static var networks: ConditionTrait {
        .enabled(if: Networks.isPossible, "needs root, network namespaces and nf_tables")
    }
}

/// A host of the tests' own: a namespace with one way out, to a namespace that stands for the world.
///
/// Nothing that happens here is seen by the machine, and no packet leaves it.
final class TestHost: Sendable {
    /// The world's end has the second of these, the host's the first.
    static let (hostAddress, worldAddress) = (IPv4Address(number: 0xC633_6401), IPv4Address(number: 0xC633_6402))
    static let mtu: UInt32 = 1380

    let host: NamespaceThread
    let world: NamespaceThread

    private static let link = IPv4Subnet(hostAddress, prefixLength: 24)

    init(forwards: Bool = true) throws {
        let (host, world) = (try NamespaceThread(name: "test-host"), try NamespaceThread(name: "test-world"))
        self.host = host
        self.world = world
        let outside = try world.run { () throws(SystemError) -> CInt in
            try NetworkNamespace.makeCurrent()
            return try NetworkNamespace.current().release()
        }
        defer { Foundation.close(outside) }
        try host.run {
            try NetworkNamespace.makeCurrent()
            for name in ["all", "default"] as [ByteString] { try KernelSetting.forwarding(name).set(forwards) }
            let socket = try NetlinkSocket(.route)
            let far = RouteMessages.LinkEnd(name: "eth0", namespace: outside)
            try socket.send(
                [
                    RouteMessages.makePair(RouteMessages.LinkEnd(name: "out0"), far, mtu: Self.mtu),
                    RouteMessages.raise("lo"), RouteMessages.raise("out0"),
                ],
                to: "make a way out"
            )
            let address = RouteMessages.addAddress(Self.hostAddress, in: Self.link, link: try socket.index(of: "out0"))
            try socket.send([address], to: "give an address")
        }
        try world.run {
            let socket = try NetlinkSocket(.route)
            let index = try socket.index(of: "eth0")
            try socket.send(
                [
                    RouteMessages.raise("lo"), RouteMessages.raise("eth0"),
                    RouteMessages.addAddress(Self.worldAddress, in: Self.link, link: index),
                ],
                to: "give an address"
            )
        }
        try world.run { try NetlinkSocket(.route).waitUntilReady("eth0") }
        try host.run {
            let socket = try NetlinkSocket(.route)
            try socket.waitUntilReady("out0")
            try socket.send([RouteMessages.addDefaultRoute(over: Self.worldAddress)], to: "add a route")
        }
    }

    /// What the host's network consists of.
    func state() throws -> HostState {
        try host.run { try HostState() }
    }

    /// Does `body` on a thread inside a container's namespace.
    static func inside<Value: Sendable>(
        _ container: ContainerNamespace,
        _ body: @Sendable @escaping () throws -> Value
    ) throws -> Value {
        try NamespaceThread(name: "test-inside").run {
            let handle = OwnedDescriptor(adopting: dup(container.descriptor))
            try NetworkNamespace.enter(handle)
            return try body()
        }
    }

    /// Whether a connection from the container comes about, and the address that the server saw.
    static func peer(from container: ContainerNamespace, to server: borrowing TestServer) throws -> IPv4Address? {
        let address = server.address
        let port = server.port
        let isConnected = try inside(container) { TestServer.canConnect(to: address, port) }
        return isConnected ? server.acceptPeer() : nil
    }
}

/// The interfaces, addresses, routes, and rules of the namespace of the calling thread.
struct HostState: Hashable, Sendable {
    var links: Set<ByteString>
    var addresses: Set<IPv4Subnet>
    var routes: Set<HostRoute>
    var tables: Set<ByteString>

    /// Every chain with the handles of its rules.
    var chains: [FilterChain: [UInt64]]

    init() throws {
        let routes = try HostRoutes(NetlinkSocket(.route))
        links = Set(routes.links.map(\.name))
        addresses = Set(routes.addresses)
        self.routes = Set(routes.routes)
        let filter = try NetlinkSocket(.netfilter)
        tables = Set(
            try filter.list(FilterMessages.allTables, to: "list") {
                $0.fields(after: FilterNumbers.headerSize).text(FilterNumbers.Table.name)
            }
        )
        chains = [:]
        for chain in try filter.list(FilterMessages.allChains, to: "list", { FilterChain($0) }) {
            chains[chain] = try filter.list(FilterMessages.rules(of: chain), to: "list") {
                $0.fields(after: FilterNumbers.headerSize)[FilterNumbers.Rule.handle]?.integer(at: 0, as: UInt64.self)
            }
        }
    }
}

/// A server on a thread's network that says who came.
struct TestServer: ~Copyable {
    let address: IPv4Address
    let port: UInt16

    private let socket: OwnedDescriptor

    /// Listens on the network of `thread`.
    init(on address: IPv4Address, thread: NamespaceThread) throws {
        self.init(adopting: try thread.run { try Self.opened(on: address) }, on: address)
    }

    /// Takes over what ``opened(on:)`` gave.
    init(adopting descriptor: CInt, on address: IPv4Address) {
        self.address = address
        socket = OwnedDescriptor(adopting: descriptor)
        port = Self.name(of: descriptor, getsockname)?.port ?? 0
    }

    /// A socket that listens on the network of the calling thread.
    static func opened(on address: IPv4Address) throws -> CInt {
        let socket = OwnedDescriptor(adopting: Foundation.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0))
        let isListening =
            withAddress(address, 0) { bind(socket.rawValue, $0, $1) == 0 }
            && Foundation.listen(socket.rawValue, 8) == 0
        guard isListening else { throw SystemError(operation: "listen", errno: .invalidArgument) }
        return socket.release()
    }

    /// The address of the next client, or nil when none comes within a second.
    func acceptPeer() -> IPv4Address? {
        guard (try? Poller.wait([socket.rawValue], timeout: .seconds(1)))?.isEmpty == false else { return nil }
        let client = OwnedDescriptor(adopting: accept(socket.rawValue, nil, nil))
        return Self.name(of: client.rawValue, getpeername)?.address
    }

    /// Whether a connection comes about within half a second.
    static func canConnect(to address: IPv4Address, _ port: UInt16) -> Bool {
        let client = OwnedDescriptor(adopting: Foundation.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0))
        var patience = timeval(tv_sec: 0, tv_usec: 500_000)
        setsockopt(client.rawValue, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return withAddress(address, port) { connect(client.rawValue, $0, $1) == 0 }
    }

    private static func withAddress(
        _ address: IPv4Address,
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = address.number.bigEndian
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func name(
        of socket: CInt,
        _ call: (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) -> (address: IPv4Address, port: UInt16)? {
        var name = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call(socket, $0, &size) }
        }
        guard result == 0 else { return nil }
        return (IPv4Address(number: UInt32(bigEndian: name.sin_addr.s_addr)), UInt16(bigEndian: name.sin_port))
    }
}
