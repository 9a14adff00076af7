import SystemPackage

/// A netlink message to the kernel: what is wanted, the header of its family, attributes.
///
/// Source: `netlink(7)`.
package struct NetlinkMessage: Hashable, Sendable {
    package let type: UInt16
    package let flags: NetlinkFlags
    package var attributes = NetlinkAttributes()

    static let headerSize = 16

    /// The most bytes of one message: 1 MiB.
    private static let sizeLimit = 1 << 20

    /// Starts a message; `header` is that of the family, such as `struct ifinfomsg`.
    package init(type: UInt16, flags: NetlinkFlags = [], header: [UInt8]) {
        self.type = type
        self.flags = flags.union(.request)
        attributes.appendHeader(header)
    }

    /// The bytes for the kernel, a multiple of four.
    ///
    /// - Throws: `EMSGSIZE` when an attribute or the whole is too long.
    package func encoded(sequence: UInt32) throws(SystemError) -> [UInt8] {
        let size = Self.headerSize + attributes.bytes.count
        guard !attributes.isTooLong, size <= Self.sizeLimit, let length = UInt32(exactly: size) else {
            throw SystemError(operation: "put together a netlink message", errno: .messageTooLong)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        withUnsafeBytes(of: length) { bytes += $0 }
        withUnsafeBytes(of: type) { bytes += $0 }
        withUnsafeBytes(of: flags.rawValue) { bytes += $0 }
        withUnsafeBytes(of: sequence) { bytes += $0 }
        // The kernel fills in who sent it.
        bytes += [0, 0, 0, 0]
        return bytes + attributes.bytes
    }
}
