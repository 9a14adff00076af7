/// Addresses of IPv4 that begin with the same bits.
package struct IPv4Subnet: Hashable, Sendable {
    /// The lowest address.
    package let base: IPv4Address

    /// How many bits are the same: 0 to 32.
    package let prefixLength: UInt8

    /// The subnet around `address`; more than 32 bits count as 32.
    package init(_ address: IPv4Address, prefixLength: UInt8) {
        self.prefixLength = min(prefixLength, 32)
        base = IPv4Address(number: address.number & Self.mask(self.prefixLength))
    }

    /// The highest address, to which broadcasts go.
    var broadcast: IPv4Address {
        IPv4Address(number: base.number | ~Self.mask(prefixLength))
    }

    /// The bits of an address that are the same, set.
    var mask: IPv4Address {
        IPv4Address(number: Self.mask(prefixLength))
    }

    /// The address so many behind the lowest; beyond the highest it starts again.
    func address(at index: UInt32) -> IPv4Address {
        IPv4Address(number: base.number | (index & ~Self.mask(prefixLength)))
    }

    package func contains(_ address: IPv4Address) -> Bool {
        address.number & Self.mask(prefixLength) == base.number
    }

    func overlaps(_ other: IPv4Subnet) -> Bool {
        prefixLength <= other.prefixLength ? contains(other.base) : other.contains(base)
    }

    private static func mask(_ length: UInt8) -> UInt32 {
        length == 0 ? 0 : UInt32.max << (32 - UInt32(length))
    }
}

extension IPv4Subnet: CustomStringConvertible {
    /// The lowest address, a slash and the number of bits.
    package var description: String {
        "\(base)/\(prefixLength)"
    }
}
