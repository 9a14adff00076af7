import ByteStrings

/// One word of EXPOSE: `80`, `53/udp`, `8000-8003`, with parts for the host allowed and dropped.
struct PortSpecification {
    /// Why a word is no port.
    struct Malformed: Error, Equatable {
        var message: String
    }

    private static let protocols: [ByteString] = ["tcp", "udp", "sctp"]

    /// The ports as an image lists them, `80/tcp`, in rising order.
    var ports: [String]

    init(parsing word: ByteString) throws(Malformed) {
        let parts = word.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map {
            ByteString($0)
        }
        let written = parts[parts.count - 1]
        let (text, protocolName) = written.split(atFirst: ByteString.slash) ?? (written, "")
        if text.isEmpty { throw Malformed(message: "no port in `\(word)`") }
        let transport = protocolName.isEmpty ? "tcp" : protocolName.asciiLowercased
        guard Self.protocols.contains(transport) else {
            throw Malformed(message: "invalid proto `\(protocolName)` in `\(word)`: it is one of tcp, udp and sctp")
        }
        guard let range = Self.range(text) else {
            throw Malformed(message: "invalid containerPort `\(text)`: it is a number up to 65535 or a rising range")
        }
        if parts.count > 1 { try Self.checkHost(parts.dropLast(), exposing: range, word: word) }
        ports = range.map { "\($0)/\(transport)" }
    }

    /// The host's part means nothing to an image, yet a malformed one is more likely an error than a wish.
    private static func checkHost(
        _ parts: some BidirectionalCollection<ByteString>,
        exposing ports: ClosedRange<UInt16>,
        word: ByteString
    ) throws(Malformed) {
        guard let hostPort = parts.last, !hostPort.isEmpty else { return }
        guard let range = range(hostPort) else {
            throw Malformed(message: "invalid hostPort `\(hostPort)` in `\(word)`")
        }
        if range.count != ports.count && ports.count > 1 {
            throw Malformed(message: "invalid ranges in `\(word)`: host and container have different numbers of ports")
        }
    }

    private static func range(_ text: ByteString) -> ClosedRange<UInt16>? {
        let bounds = text.bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            .map { ByteString($0).decimalNumber.flatMap(UInt16.init(exactly:)) }
        switch bounds.count {
        case 1: return bounds[0].map { $0...$0 }
        case 2:
            guard let first = bounds[0], let last = bounds[1], first <= last else { return nil }
            return first...last
        default: return nil
        }
    }
}
