import ByteStrings
import LinuxSystem
import Synchronization
import SystemPackage

/// A namespace that connects containers with the host and not with each other.
///
/// The host sees only the far end of the one link to it. Whoever watches the interfaces of the host is not bothered with
/// containers, and when the last descriptor of the namespace is closed, by whatever end of the process, the kernel
/// removes all of it. Containers get interfaces of the kind `macvlan` upon the near end, in the mode that keeps them
/// apart. Where the kernel has none, they become ports of a bridge, which takes it four times as long.
final class ContainerSwitch: Sendable {
    private static let uplink: ByteString = "uplink"
    private static let bridge: ByteString = "bridge"

    private let namespace: OwnedNamespace
    private let uplinkIndex: UInt32
    private let mtu: UInt32

    /// The index of the bridge; zero as long as there is none.
    private let bridgeIndex = Atomic<UInt32>(0)

    /// Makes what is in the namespace; `interface` is the host's end, which is down.
    ///
    /// Fails with `EEXIST` when the host has such an interface.
    init(
        to interface: RouteMessages.LinkEnd,
        host: NetlinkSocket,
        namespace: OwnedNamespace,
        mtu: UInt32
    ) throws(NetlinkError) {
        self.namespace = namespace
        self.mtu = mtu
        let near = RouteMessages.LinkEnd(name: Self.uplink, namespace: namespace.descriptor)
        try host.send([RouteMessages.makePair(interface, near, mtu: mtu)], to: "connect the host")
        uplinkIndex = try namespace.socket.index(of: Self.uplink)
        try namespace.socket.send([RouteMessages.raise(Self.uplink)], to: "connect the host")
    }

    /// Waits until packets get through to the host, whose end is up.
    func waitForHost() throws(NetlinkError) {
        try namespace.socket.waitUntilReady(Self.uplink)
    }

    /// Connects containers by a bridge from now on.
    func useBridge() throws(NetlinkError) {
        let socket = namespace.socket
        try socket.send([RouteMessages.makeBridge(Self.bridge, mtu: mtu)], to: "make the bridge")
        let index = try socket.index(of: Self.bridge)
        try socket.send(
            [RouteMessages.join(Self.uplink, bridge: index), RouteMessages.raise(Self.bridge)],
            to: "configure the bridge"
        )
        bridgeIndex.store(index, ordering: .releasing)
    }

    /// Gives a namespace an interface `eth0`, which is down; its address among network cards follows from `address`.
    ///
    /// While another has that, this fails with `EEXIST`, or raising the interface does with `EADDRINUSE`.
    func connect(_ container: OwnedNamespace, at address: IPv4Address) throws(NetlinkError) {
        let inner = RouteMessages.LinkEnd(
            name: RouteMessages.containerLink,
            address: address.hardwareAddress,
            namespace: container.descriptor
        )
        if bridgeIndex.load(ordering: .acquiring) == 0 {
            do throws(NetlinkError) {
                let request = RouteMessages.makePrivate(inner, upon: uplinkIndex, mtu: mtu)
                return try namespace.socket.send([request], to: "connect a container")
            } catch {
                guard error.errno == .notSupported else { throw error }
                try useBridge()
            }
        }
        try connectToBridge(inner, port: Self.port(address))
    }

    /// Waits until packets from a container get through, whose interface is up.
    func wait(for address: IPv4Address) throws(NetlinkError) {
        guard bridgeIndex.load(ordering: .acquiring) != 0 else { return }
        try namespace.socket.waitUntilReady(Self.port(address))
        try namespace.socket.waitUntilReady(Self.uplink)
    }

    private func connectToBridge(_ inner: RouteMessages.LinkEnd, port: ByteString) throws(NetlinkError) {
        let outer = RouteMessages.LinkEnd(name: port, bridge: bridgeIndex.load(ordering: .acquiring))
        let socket = namespace.socket
        try socket.send([RouteMessages.makePair(outer, inner, mtu: mtu)], to: "connect a container")
        try socket.send([RouteMessages.isolatePort(port), RouteMessages.raise(port)], to: "connect a container")
    }

    private static func port(_ address: IPv4Address) -> ByteString {
        ByteString("port\(address.number & 0xFF)")
    }
}

extension IPv4Address {
    /// An address of a network card that nobody was assigned, which its second bit says.
    var hardwareAddress: RouteMessages.HardwareAddress { [0x02, 0x53] + bytes }
}
