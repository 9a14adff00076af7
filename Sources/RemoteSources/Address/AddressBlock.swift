package import LinuxSystem

/// The addresses that begin with the same bits.
package struct AddressBlock: Hashable, Sendable {
    private let prefix: [UInt8]
    private let bits: Int

    /// The addresses that agree with `address` in the first `bits` bits; more bits than it has mean all of them.
    package init(_ address: IPAddress, bits: Int) {
        prefix = address.bytes
        self.bits = min(max(bits, 0), address.bytes.count * 8)
    }

    private init(_ prefix: [UInt8], bits: Int, of count: Int) {
        self.prefix = prefix + [UInt8](repeating: 0, count: count - prefix.count)
        self.bits = bits
    }

    static let linkLocal4 = AddressBlock([169, 254], bits: 16, of: 4)
    static let linkLocal6 = AddressBlock([0xfe, 0x80], bits: 10, of: 16)
    static let alibaba = AddressBlock([100, 100, 100, 200], bits: 32, of: 4)
    static let amazon = AddressBlock([0xfd, 0x00, 0x0e, 0xc2], bits: 32, of: 16)
    static let azure = AddressBlock([168, 63, 129, 16], bits: 32, of: 4)
    static let google = AddressBlock(
        [0xfd, 0x20, 0x00, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54],
        bits: 128,
        of: 16
    )
    static let oracle = AddressBlock([192, 0, 0, 192], bits: 32, of: 4)

    /// Whether the address is one of them; those of another version never are.
    package func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == prefix.count else { return false }
        let whole = bits / 8
        guard address.bytes.prefix(whole) == prefix.prefix(whole) else { return false }
        guard bits % 8 != 0 else { return true }
        return (address.bytes[whole] ^ prefix[whole]) >> (8 - bits % 8) == 0
    }
}
