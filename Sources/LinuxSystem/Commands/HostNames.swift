package import ByteStrings
import CLinuxSystem
import Glibc

/// Finds the addresses behind names of hosts.
package enum HostNames {
    /// Why a name has no address, in the words of the C library.
    package struct LookupError: Error, Hashable, Sendable, CustomStringConvertible {
        package var host: ByteString
        package var reason: String

        package var description: String {
            "cannot find the address of `\(host)`: \(reason)"
        }
    }

    /// Done once, before the first question.
    private static let isPlainLookup = slipway_use_plain_host_lookup() == 0

    /// Every address of a host, the one to try first at the front, each once.
    ///
    /// Numbers in any form that the C library reads are addresses too, so the result is what a connection would use.
    /// Blocks the thread for as long as the name servers take. Asked are `/etc/hosts` and DNS. Source: `getaddrinfo(3)`.
    package static func addresses(of host: ByteString) throws(LookupError) -> [IPAddress] {
        guard !host.isEmpty, !host.bytes.contains(0) else {
            throw LookupError(host: host, reason: "it is not a name")
        }
        _ = isPlainLookup
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        let code = host.withTerminated { getaddrinfo($0, nil, &hints, &list) }
        guard code == 0 else {
            throw LookupError(host: host, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next {
            if let address = address(entry.pointee), !found.contains(address) { found.append(address) }
            next = entry.pointee.ai_next
        }
        guard !found.isEmpty else { throw LookupError(host: host, reason: "it has no address") }
        return found
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let socket = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        case AF_INET:
            let address = socket.loadUnaligned(as: sockaddr_in.self).sin_addr
            return withUnsafeBytes(of: address) { IPAddress(bytes: Array($0)) }
        case AF_INET6:
            let address = socket.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return withUnsafeBytes(of: address) { IPAddress(bytes: Array($0)) }
        default:
            return nil
        }
    }
}
