import ByteStrings
import CLinuxSystem
import Glibc

/// The table `filter` that the kernel keeps for the older iptables.
package struct FilterTable: Sendable {
    /// Every rule, one behind the other: `struct ipt_entry` each.
    package let entries: [UInt8]

    /// Where the rules of the chain `FORWARD` begin.
    package let forwardStart: Int

    /// Where the rule lies that is its policy.
    package let forwardPolicy: Int

    package init(entries: [UInt8], forwardStart: Int, forwardPolicy: Int) {
        self.entries = entries
        self.forwardStart = forwardStart
        self.forwardPolicy = forwardPolicy
    }

    /// Reads the table; asked for without being there it would be made, so ask ``exists()`` first.
    package static func read() throws(SystemError) -> FilterTable {
        var bytes: UnsafeMutablePointer<UInt8>?
        var (count, start, policy) = (0, UInt32(0), UInt32(0))
        try systemCall("read the table `filter` of iptables") {
            slipway_read_filter_table(&bytes, &count, &start, &policy)
        }
        defer { free(bytes) }
        return FilterTable(
            entries: Array(UnsafeBufferPointer(start: bytes, count: count)),
            forwardStart: Int(start),
            forwardPolicy: Int(policy)
        )
    }

    /// Whether the older iptables is in use in the network namespace of the calling thread.
    package static func exists() -> Bool {
        guard let file = try? OwnedDescriptor.openFile("/proc/thread-self/net/ip_tables_names", .readOnly),
            let names = try? file.readAll(limit: 1 << 16)
        else { return false }
        return names.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual("filter".utf8) }
    }
}
