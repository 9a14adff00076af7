import ByteStrings
import LinuxSystem
import SystemPackage

/// Removes what networks left whose owners are gone, however they ended.
///
/// An owner holds an abstract name as long as it lives, and the kernel frees it with the process. Who sweeps takes the
/// name for that time, so nobody else makes or sweeps the same network.
struct NetworkSweep {
    let route: NetlinkSocket
    let filter: NetlinkSocket

    /// Sweeps, given the names of all interfaces; what cannot be removed is left for the next time.
    func sweep(links: [ByteString]) throws(NetworkError) {
        var names = Set(links.compactMap { NetworkName(object: $0) })
        do throws(NetlinkError) {
            names.formUnion(
                try filter.list(FilterMessages.allTables, to: "list the tables of filters") { reply in
                    reply.fields(after: FilterNumbers.headerSize).text(FilterNumbers.Table.name)
                        .flatMap { NetworkName(object: $0) }
                }
            )
        } catch {
            // The answer of a kernel that knows netfilter and not this part of it.
            throw error.errno == .invalidArgument ? .unsupported("nf_tables") : .from(error, needing: "nf_tables")
        }
        names.formUnion(try HostFirewall(filter: filter).names())
        for name in names { removeIfOwnerIsGone(name) }
    }

    private func removeIfOwnerIsGone(_ name: NetworkName) {
        guard let claim = try? AbstractName.claim(name.claim) else { return }
        try? NetworkRemains(route: route, filter: filter, name: name).removeAll()
        withExtendedLifetime(claim) {}
    }
}
