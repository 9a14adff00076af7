import ByteStrings
import LinuxSystem
import SystemPackage

/// Asks the firewall of the host to let the packets of a network pass.
///
/// A packet has to pass every chain that sees it, so a rule in a chain of ours cannot save it from another. In a chain
/// that stops strangers two rules are put first, in the form that iptables would write, with a comment by which they are
/// found again. What they let pass still has to pass our own chain, which is the stricter one.
struct HostFirewall {
    let filter: NetlinkSocket

    func open(for name: NetworkName) throws(NetworkError) {
        for chain in try blockingChains() {
            let rules = [
                Self.rule(.inputInterface, name, before: chain), Self.rule(.outputInterface, name, before: chain),
            ]
            do throws(NetlinkError) {
                try filter.send(FilterMessages.batch(rules), to: "add rules to the firewall")
            } catch {
                throw .forwardingBlocked(table: chain.table, chain: chain.name)
            }
        }
        try checkOlderTable(for: name)
    }

    /// Removes the rules of these networks from the chains of others.
    func close(for names: Set<NetworkName>) throws(NetworkError) {
        for (chain, record) in try ownRules() {
            guard let name = NetworkName(object: record.comment), names.contains(name) else { continue }
            let removal = FilterMessages.batch([FilterMessages.deleteRule(record.handle, of: chain)])
            do throws(NetlinkError) {
                try filter.send(removal, to: "remove a rule from the firewall")
            } catch {
                if error.errno != .noSuchFileOrDirectory { throw .from(error) }
            }
        }
    }

    /// The networks that have rules in the chains of others.
    func names() throws(NetworkError) -> Set<NetworkName> {
        Set(try ownRules().compactMap { NetworkName(object: $0.record.comment) })
    }

    private static func rule(
        _ interface: FilterExpression,
        _ name: NetworkName,
        before chain: FilterChain
    ) -> NetlinkMessage {
        FilterMessages.putRule(
            [interface, .isEqual(FilterExpression.whole(name.object)), .count, .verdict(.accept)],
            before: chain,
            comment: name.object
        )
    }

    private func blockingChains() throws(NetworkError) -> [FilterChain] {
        do throws(NetlinkError) {
            return try filter.list(FilterMessages.allChains, to: "list the chains of filters") { FilterChain($0) }
                .filter(\.blocksStrangers)
        } catch {
            throw .from(error, needing: "nf_tables")
        }
    }

    private func ownRules() throws(NetworkError) -> [(chain: FilterChain, record: FilterRuleRecord)] {
        var found: [(chain: FilterChain, record: FilterRuleRecord)] = []
        for chain in try blockingChains() {
            do throws(NetlinkError) {
                found += try filter.list(FilterMessages.rules(of: chain), to: "list the rules of the firewall") {
                    FilterRuleRecord($0)
                }
                .map { (chain, $0) }
            } catch {
                // The chain may be gone by now.
                if error.errno != .noSuchFileOrDirectory { throw .from(error) }
            }
        }
        return found
    }

    private func checkOlderTable(for name: NetworkName) throws(NetworkError) {
        // What cannot be read is taken for harmless: a table that stops packets would only be found out by them.
        guard FilterTable.exists(), let table = try? FilterTable.read() else { return }
        guard OlderFilterTable(table).lets(pass: name.object) else {
            throw .forwardingBlocked(table: "filter", chain: "FORWARD")
        }
    }
}
