import ByteStrings
import LinuxSystem
import SystemPackage

/// A setting of an interface, for the network namespace of the calling thread.
///
/// Source: `Documentation/networking/ip-sysctl` of the kernel.
struct KernelSetting: Hashable, Sendable {
    let path: ByteString

    /// Whether packets that come in by the interface may leave by another.
    static func forwarding(_ interface: ByteString) -> KernelSetting {
        KernelSetting(path: ByteString("/proc/sys/net/ipv4/conf/\(interface)/forwarding"))
    }

    /// Whether the interface takes no part in IPv6.
    static func withoutIPv6(_ interface: ByteString) -> KernelSetting {
        KernelSetting(path: ByteString("/proc/sys/net/ipv6/conf/\(interface)/disable_ipv6"))
    }

    /// Whether the kernel has IPv6 at all.
    static var hasIPv6: Bool {
        (try? FileStatus.at(hostPath: "/proc/sys/net/ipv6", followingLinks: true)) != nil
    }

    /// Whether it is on; false when there is no such setting.
    var isOn: Bool {
        guard let file = try? OwnedDescriptor.openFile(path, .readOnly), let bytes = try? file.readAll(limit: 64) else {
            return false
        }
        return bytes.first == UInt8(ascii: "1")
    }

    func set(_ on: Bool) throws(SystemError) {
        try OwnedDescriptor.openFile(path, .writeOnly).write(Array((on ? "1" : "0").utf8))
    }
}
