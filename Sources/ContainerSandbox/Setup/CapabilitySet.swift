/// A set of capabilities by their kernel numbers.
///
/// Source: `capabilities(7)`.
struct CapabilitySet: OptionSet, Hashable, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    private init(number: UInt64) {
        rawValue = 1 << number
    }

    static let changeOwner = CapabilitySet(number: 0)
    static let overrideAccess = CapabilitySet(number: 1)
    static let actAsOwner = CapabilitySet(number: 3)
    static let keepSetID = CapabilitySet(number: 4)
    static let kill = CapabilitySet(number: 5)
    static let setGroup = CapabilitySet(number: 6)
    static let setUser = CapabilitySet(number: 7)
    static let setCapabilities = CapabilitySet(number: 8)
    static let bindLowPorts = CapabilitySet(number: 10)
    static let rawSockets = CapabilitySet(number: 13)
    static let changeRoot = CapabilitySet(number: 18)
    static let makeNodes = CapabilitySet(number: 27)
    static let writeAudit = CapabilitySet(number: 29)
    static let setFileCapabilities = CapabilitySet(number: 31)

    /// The fourteen that the root of a build step has.
    static let standard: CapabilitySet = [
        .changeOwner, .overrideAccess, .actAsOwner, .keepSetID, .kill, .setGroup, .setUser, .setCapabilities,
        .bindLowPorts, .rawSockets, .changeRoot, .makeNodes, .writeAudit, .setFileCapabilities,
    ]

    /// Whatever the builder itself has.
    static let everything = CapabilitySet(rawValue: .max)
}
