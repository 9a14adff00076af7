import ByteStrings

/// What everything of one network is called, in the kernel and beyond; it follows from the subnet.
///
/// So two networks with one name are two with one subnet, and whoever holds ``claim`` has both for itself.
struct NetworkName: Hashable, Sendable {
    /// The first three bytes of the subnet, as six hexadecimal digits.
    private let digits: ByteString

    private static let prefix: ByteString = "slipway-"

    /// How iptables names every interface of ours.
    static let interfacePattern = "\(prefix)+"

    /// What the name of every interface of ours begins with.
    static var interfacePrefix: ByteString { prefix }

    init(_ subnet: IPv4Subnet) {
        digits = Self.hexadecimal(subnet.base.bytes.prefix(3))
    }

    /// Reads the name of an interface or a table, or gives nil when it belongs to somebody else.
    init?(object name: ByteString) {
        let digits = name.bytes.dropFirst(Self.prefix.count)
        guard name.hasPrefix(Self.prefix), digits.count == 6, digits.allSatisfy(Self.isDigit) else { return nil }
        self.digits = ByteString(digits)
    }

    /// The interface on the host, the table of filters, and what marks rules in the tables of others.
    var object: ByteString { Self.prefix + digits }

    /// The abstract name that the owner holds while it lives.
    var claim: ByteString { ByteString("slipway-network-") + digits }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= byte || (UInt8(ascii: "a")...UInt8(ascii: "f")) ~= byte
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> ByteString {
        let digits = Array("0123456789abcdef".utf8)
        return ByteString(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
