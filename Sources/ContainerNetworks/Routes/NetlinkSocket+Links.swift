import ByteStrings
import LinuxSystem
import SystemPackage

extension NetlinkSocket {
    /// The index of an interface.
    func index(of link: ByteString) throws(NetlinkError) -> UInt32 {
        try self.link(link).index
    }

    /// Waits until packets go through an interface that is up.
    ///
    /// The kernel brings it to life in the background, which takes longer than usual while others change interfaces; what
    /// is sent before is lost and sent again only after a second. Nothing happens when even that was not enough.
    func waitUntilReady(_ name: ByteString) throws(NetlinkError) {
        let end = MonotonicClock.now + .seconds(2)
        while try !link(name).isReady, MonotonicClock.now < end {
            _ = try? Poller.wait([], timeout: .milliseconds(1))
        }
    }

    private func link(_ name: ByteString) throws(NetlinkError) -> HostLink {
        let operation = "look for an interface"
        let found = try list(RouteMessages.link(name), to: operation) { HostLink($0) }
        guard let link = found.first else {
            throw NetlinkError(operation: operation, errno: .operationNotSupportedByDevice)
        }
        return link
    }
}
