import ByteStrings
import LinuxSystem

/// What the packets of a network may do.
///
/// Containers reach whatever the host reaches, under the host's address, and the host itself. Nobody reaches them but by
/// answering: not other builds, not other networks. Packets under false addresses are dropped.
struct NetworkRules: Hashable, Sendable {
    private static let forwarding: ByteString = "forward"
    private static let translation: ByteString = "postrouting"

    /// The interface on the host behind which the containers are.
    let interface: ByteString
    let subnet: IPv4Subnet

    /// The requests for two chains and their rules, in a table that exists.
    func requests(in table: ByteString) -> [NetlinkMessage] {
        [
            FilterMessages.makeChain(Self.forwarding, in: table, at: .forwarding),
            FilterMessages.makeChain(Self.translation, in: table, at: .sourceTranslation),
        ]
            + forwardingRules.map { FilterMessages.addRule($0, to: Self.forwarding, in: table) }
            + [FilterMessages.addRule(translationRule, to: Self.translation, in: table)]
    }

    var forwardingRules: [[FilterExpression]] {
        let toContainers: [FilterExpression] = [.outputInterface, .isEqual(name)]
        let known: [FilterExpression] = [.connectionState, .mask(FilterExpression.isKnownConnection)]
        return [
            [.inputInterface, .isEqual(name)] + fromSubnet(false) + [.verdict(.drop)],
            toContainers + known + [.isDifferent([0, 0, 0, 0]), .verdict(.accept)],
            toContainers + [.verdict(.drop)],
        ]
    }

    var translationRule: [FilterExpression] {
        fromSubnet(true) + [.outputInterface, .isDifferent(name), .masquerade]
    }

    private var name: [UInt8] { FilterExpression.whole(interface) }

    private func fromSubnet(_ inside: Bool) -> [FilterExpression] {
        let base = subnet.base.bytes
        return [.source, .mask(subnet.mask.bytes), inside ? .isEqual(base) : .isDifferent(base)]
    }
}
