import ByteStrings
import LinuxSystem

/// One step of a rule.
///
/// What one step loads, the next looks at; a comparison that fails ends the rule.
enum FilterExpression: Hashable, Sendable {
    /// Loads the name of the interface by which the packet came.
    case inputInterface

    /// Loads the name of the interface by which the packet leaves.
    case outputInterface

    /// Loads the address from which an IPv4 packet comes.
    case source

    /// Loads what is known of the connection.
    case connectionState

    /// Keeps the bits that are set in the mask.
    case mask([UInt8])

    /// Goes on when what was loaded begins with the bytes.
    case isEqual([UInt8])

    /// Goes on when what was loaded does not begin with the bytes.
    case isDifferent([UInt8])
    case count
    case masquerade
    case verdict(FilterVerdict)

    /// The name of an interface as a whole, for comparisons.
    static func whole(_ name: ByteString) -> [UInt8] { name.bytes + [0] }

    /// ``connectionState``: an answer to a packet from the other side, or belonging to such a connection.
    static let isKnownConnection: [UInt8] = withUnsafeBytes(of: UInt32(2 | 4)) { Array($0) }
}

/// What becomes of a packet.
enum FilterVerdict: UInt32, Hashable, Sendable {
    case drop = 0
    case accept = 1
}

extension FilterExpression {
    private typealias Numbers = FilterNumbers.Expression

    /// Adds the step to the list of a rule.
    func append(to list: inout NetlinkAttributes) {
        list.append(FilterNumbers.listElement) { element in
            element.append(Numbers.name, text: name)
            element.append(Numbers.data) { appendFields(to: &$0) }
        }
    }

    private var name: ByteString {
        switch self {
        case .inputInterface, .outputInterface: "meta"
        case .source: "payload"
        case .connectionState: "ct"
        case .mask: "bitwise"
        case .isEqual, .isDifferent: "cmp"
        case .count: "counter"
        case .masquerade: "masq"
        case .verdict: "immediate"
        }
    }

    private func appendFields(to data: inout NetlinkAttributes) {
        switch self {
        case .inputInterface: Self.append([(1, Numbers.register), (2, 6)], to: &data)
        case .outputInterface: Self.append([(1, Numbers.register), (2, 7)], to: &data)
        case .source:
            // Target, the network header, offset and length of the address in it.
            Self.append([(1, Numbers.register), (2, 1), (3, 12), (4, 4)], to: &data)
        case .connectionState: Self.append([(1, Numbers.register), (2, 0)], to: &data)
        case .mask(let mask):
            let length = UInt32(truncatingIfNeeded: mask.count)
            Self.append([(1, Numbers.register), (2, Numbers.register), (3, length)], to: &data)
            data.append(4) { $0.append(Numbers.dataValue, bytes: mask) }
            data.append(5) { $0.append(Numbers.dataValue, bytes: [UInt8](repeating: 0, count: mask.count)) }
        case .isEqual(let bytes), .isDifferent(let bytes):
            let operation: UInt32 = if case .isEqual = self { 0 } else { 1 }
            Self.append([(1, Numbers.register), (2, operation)], to: &data)
            data.append(3) { $0.append(Numbers.dataValue, bytes: bytes) }
        case .count:
            data.append(1, bigEndian: UInt64(0))
            data.append(2, bigEndian: UInt64(0))
        case .masquerade: break
        case .verdict(let verdict):
            Self.append([(1, Numbers.verdictRegister)], to: &data)
            data.append(2) { value in
                value.append(Numbers.dataVerdict) { $0.append(Numbers.verdictCode, bigEndian: verdict.rawValue) }
            }
        }
    }

    private static func append(_ fields: [(UInt16, UInt32)], to data: inout NetlinkAttributes) {
        for (type, value) in fields { data.append(type, bigEndian: value) }
    }
}
