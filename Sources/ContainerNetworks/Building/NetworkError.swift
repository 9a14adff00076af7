package import ByteStrings
package import LinuxSystem
import SystemPackage

/// Why a build cannot have a network of its own.
package enum NetworkError: Error, Hashable, Sendable {
    /// The process may not configure networks, or a filter of system calls keeps it from it.
    case notPermitted

    /// The kernel lacks a part; the text names it.
    case unsupported(String)

    /// Every subnet for private use collides with one that the host uses.
    case noFreeSubnet

    /// The host does not pass packets on between its interfaces, and cannot be told to at this path.
    case forwardingDisabled(path: ByteString, SystemError)

    /// A firewall stops packets that pass through the host, and refuses rules; its table and chain.
    case forwardingBlocked(table: ByteString, chain: ByteString)

    /// A request to the kernel failed.
    case netlink(NetlinkError)

    /// Another system call failed.
    case system(SystemError)

    /// The network was closed before.
    case closed

    static func from(_ error: NetlinkError) -> NetworkError {
        isRefusal(error.errno) ? .notPermitted : .netlink(error)
    }

    static func from(_ error: SystemError) -> NetworkError {
        isRefusal(error.errno) ? .notPermitted : .system(error)
    }

    /// The failure of a request that needs a part of the kernel, which may be missing.
    static func from(_ error: NetlinkError, needing part: String) -> NetworkError {
        let missing: [Errno] = [.notSupported, .noSuchFileOrDirectory, .protocolNotSupported, .noFunction]
        return missing.contains(error.errno) ? .unsupported(part) : from(error)
    }

    private static func isRefusal(_ errno: Errno) -> Bool {
        errno == .notPermitted || errno == .permissionDenied
    }
}

extension NetworkError: CustomStringConvertible {
    /// What is wrong and what to do about it, without a final full stop.
    package var description: String {
        "cannot make a network for the build: \(reason)\(remedy)"
    }

    private var reason: String {
        switch self {
        case .notPermitted: "the permission to configure networks (CAP_NET_ADMIN and CAP_SYS_ADMIN) is missing"
        case .unsupported(let part): "this kernel has no \(part)"
        case .noFreeSubnet: "every private subnet is in use on this host"
        case .forwardingDisabled(let path, let error):
            "the host forwards no packets, and `\(path)` cannot be set: \(error)"
        case .forwardingBlocked(let table, let chain):
            "chain `\(chain)` of the firewall's table `\(table)` stops packets that pass through the host"
        case .netlink(let error): error.description
        case .system(let error): error.description
        case .closed: "the build is over"
        }
    }

    private var remedy: String {
        let other = "use `--network host` or `--network none`"
        return switch self {
        case .closed: ""
        case .forwardingDisabled: "; set `net.ipv4.ip_forward` to 1, or \(other)"
        case .forwardingBlocked:
            "; let interfaces named `\(NetworkName.interfacePattern)` pass (with iptables: "
                + "`iptables -I FORWARD -i \(NetworkName.interfacePattern) -j ACCEPT` and the same with `-o`), or \(other)"
        default: "; \(other)"
        }
    }
}
