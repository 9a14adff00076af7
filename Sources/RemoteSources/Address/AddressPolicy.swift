package import LinuxSystem

/// Which addresses a Dockerfile may make this machine talk to.
///
/// A build runs where its author may have no other access: what answers only this machine, such as the metadata service of a
/// cloud, would end up in a layer.
package struct AddressPolicy: Hashable, Sendable {
    /// The addresses that are refused.
    package var denied: [AddressBlock]

    /// Hosts that are reached whatever their addresses are, in lower case as in a URL.
    package var allowedHosts: Set<String>

    package init(denied: [AddressBlock], allowedHosts: Set<String> = []) {
        self.denied = denied
        self.allowedHosts = allowedHosts
    }

    /// Refuses link-local addresses and those of metadata services elsewhere; loopback and private networks are fine.
    ///
    /// The unspecified addresses lead to loopback, so they are fine too. Source: RFC 3927; RFC 4291, 2.5.6; the
    /// documentation of Alibaba Cloud ("View instance metadata", `100.100.100.200`), AWS ("Access instance metadata",
    /// `fd00:ec2::/32`), Azure ("What is IP address 168.63.129.16?"), Google Cloud ("View and query VM metadata",
    /// `fd20:ce::254`) and Oracle Cloud Infrastructure Classic ("Retrieving Instance Metadata", `192.0.0.192`).
    package static let standard = AddressPolicy(
        denied: [.linkLocal4, .linkLocal6, .alibaba, .amazon, .azure, .google, .oracle]
    )

    /// Refuses nothing.
    package static let everything = AddressPolicy(denied: [])

    /// Whether a connection to `address` may be made when `host` is what was asked for.
    ///
    /// An address of version 4 inside one of version 6 counts as itself.
    package func allows(_ address: IPAddress, for host: String) -> Bool {
        if allowedHosts.contains(host) { return true }
        let meant = [address] + (address.embeddedVersion4.map { [$0] } ?? [])
        return !denied.contains { block in meant.contains(where: block.contains) }
    }
}
