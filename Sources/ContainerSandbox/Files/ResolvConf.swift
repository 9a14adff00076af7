package import ByteStrings

/// The file `/etc/resolv.conf` of a container.
///
/// Source: `resolv.conf(5)`.
package enum ResolvConf {
    /// Where systemd keeps the servers that its own, on a loopback address, asks.
    package static let systemdPath: ByteString = "/run/systemd/resolve/resolv.conf"

    /// The most bytes of a host's file that are worth reading: 1 MiB.
    package static let sizeLimit = 1 << 20

    private static let defaultServers = ["8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"]

    /// Whether the only server of the host is systemd's own, so that the file at ``systemdPath`` says more.
    package static func namesSystemdOnly(_ host: [UInt8]) -> Bool {
        servers(host) == ["127.0.0.53"]
    }

    /// The bytes of the file for a container, from those of the host's, nil when it has none.
    ///
    /// The file of a container on the host's network is the host's. Elsewhere servers on loopback addresses are left out,
    /// for nobody listens there, and public ones stand in where none is left that can be reached: the network of a build
    /// has no IPv6. `nameServer` takes the place of all servers where the network has one of its own.
    package static func bytes(host: [UInt8]?, network: ContainerNetwork, nameServer: ByteString? = nil) -> [UInt8] {
        let lines = lines(host ?? []).filter { line in
            guard network.isIsolated, let server = server(of: line) else { return true }
            return nameServer == nil && !isLoopback(server)
        }
        var text = lines.flatMap { $0 + [newline] }
        for server in additionalServers(lines, host: host, network: network, nameServer: nameServer) {
            text += Array("nameserver \(server)\n".utf8)
        }
        return text
    }

    private static func additionalServers(
        _ lines: [[UInt8]],
        host: [UInt8]?,
        network: ContainerNetwork,
        nameServer: ByteString?
    ) -> [String] {
        let kept = lines.compactMap { server(of: $0) }
        switch network {
        case .joined:
            if let nameServer { return [nameServer.description] }
            let reachable = kept.contains { !$0.contains(UInt8(ascii: ":")) }
            return reachable ? [] : defaultServers.filter { !$0.contains(":") }
        case .none: return kept.isEmpty ? defaultServers : []
        // A host without servers has one of its own, at the address that libraries ask by default.
        case .host: return host == nil ? defaultServers : []
        }
    }

    private static let newline = UInt8(ascii: "\n")

    private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines = bytes.split(separator: newline, omittingEmptySubsequences: false).map { Array($0) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// The addresses of the servers that a file names, in its order.
    package static func servers(_ bytes: [UInt8]) -> [ByteString] {
        lines(bytes).compactMap { server(of: $0) }
    }

    private static func server(of line: [UInt8]) -> ByteString? {
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
        guard words.count >= 2, words[0].elementsEqual("nameserver".utf8) else { return nil }
        return ByteString(words[1])
    }

    private static func isLoopback(_ server: ByteString) -> Bool {
        server.hasPrefix("127.") || server == "::1" || server.hasPrefix("::1%")
    }
}
