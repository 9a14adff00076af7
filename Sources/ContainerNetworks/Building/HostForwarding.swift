import ByteStrings
import LinuxSystem

/// Lets packets pass between a network of ours and the world where the host passes on none.
///
/// Where the host forwards anyway, nothing is touched. Else forwarding is switched on for our interface and for each
/// one by which packets leave, never for the host as a whole, and a chain in a table of its own drops what comes in
/// by such an interface for anything but our networks, as the host did before by not forwarding. The chain, named after
/// the interface, is also the note of what was switched on: whoever removes the last network, of this process or
/// another, switches it off again. A lock keeps two processes from doing both at once.
struct HostForwarding {
    private static let table: ByteString = "slipway-forwarding"

    let route: NetlinkSocket
    let filter: NetlinkSocket

    func enable(interface: ByteString, uplinks: [ByteString]) throws(NetworkError) {
        try set(.forwarding(interface))
        let closed = uplinks.filter { !KernelSetting.forwarding($0).isOn }
        // What another process switched on it may be about to switch off.
        let others = try protected()
        if closed.isEmpty, others.isEmpty { return }
        let lock = try NetworkLock.acquire()
        defer { withExtendedLifetime(lock) {} }
        for uplink in uplinks where !KernelSetting.forwarding(uplink).isOn {
            try protect(uplink)
            try set(.forwarding(uplink))
        }
    }

    /// Switches off what was switched on, unless a network other than `own` is there.
    func restore(removing own: NetworkName? = nil) throws(NetworkError) {
        if try protected().isEmpty { return }
        let lock = try NetworkLock.acquire()
        defer { withExtendedLifetime(lock) {} }
        do throws(NetlinkError) {
            let others = try route.list(RouteMessages.allLinks, to: "list the network interfaces") { reply in
                HostLink(reply).flatMap { NetworkName(object: $0.name) }
            }
            guard others.allSatisfy({ $0 == own }) else { return }
        } catch {
            throw .from(error)
        }
        for uplink in try protected() {
            // The interface may be gone by now.
            try? KernelSetting.forwarding(uplink).set(false)
        }
        do throws(NetlinkError) {
            try filter.send(
                FilterMessages.batch([FilterMessages.deleteTable(Self.table)]),
                to: "remove a table of filters"
            )
        } catch {
            throw .from(error)
        }
    }

    /// The interfaces for which forwarding was switched on.
    private func protected() throws(NetworkError) -> [ByteString] {
        do throws(NetlinkError) {
            return try filter.list(FilterMessages.allChains, to: "list the chains of filters") { reply in
                FilterChain(reply).flatMap { $0.table == Self.table ? $0.name : nil }
            }
        } catch {
            throw .from(error)
        }
    }

    private func protect(_ uplink: ByteString) throws(NetworkError) {
        if try protected().contains(uplink) { return }
        let messages = [
            FilterMessages.makeSharedTable(Self.table),
            FilterMessages.makeChain(uplink, in: Self.table, at: .forwarding),
            FilterMessages.addRule(
                [
                    .inputInterface, .isEqual(FilterExpression.whole(uplink)), .outputInterface,
                    .isDifferent(NetworkName.interfacePrefix.bytes), .verdict(.drop),
                ],
                to: uplink,
                in: Self.table
            ),
        ]
        do throws(NetlinkError) {
            try filter.send(FilterMessages.batch(messages), to: "protect an interface of the host")
        } catch {
            throw .from(error, needing: "nf_tables")
        }
    }

    private func set(_ setting: KernelSetting) throws(NetworkError) {
        if setting.isOn { return }
        do throws(SystemError) {
            try setting.set(true)
        } catch {
            throw .forwardingDisabled(path: setting.path, error)
        }
    }
}

/// Keeps the processes that share the host's network from changing its settings at the same time.
enum NetworkLock {
    private static let name: ByteString = "slipway-network"
    private static let pause = Duration.milliseconds(2)
    private static let patience = Duration.seconds(2)

    /// Waits for the lock, which is free again when the result goes away.
    ///
    /// After two seconds gives nil: somebody else sits on the name, and that must not keep anybody from building.
    static func acquire() throws(NetworkError) -> AbstractName? {
        let end = MonotonicClock.now + patience
        do throws(SystemError) {
            while MonotonicClock.now < end {
                if let lock = try AbstractName.claim(name) { return lock }
                _ = try Poller.wait([], timeout: pause)
            }
            return nil
        } catch {
            throw .from(error)
        }
    }
}
