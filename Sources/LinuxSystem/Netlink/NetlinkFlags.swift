/// The flags of a netlink message.
///
/// Source: `netlink(7)`.
package struct NetlinkFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let request = NetlinkFlags(rawValue: 0x1)

    /// Asks for an answer even when all went well.
    package static let acknowledge = NetlinkFlags(rawValue: 0x4)

    /// Asks for every object rather than for one.
    package static let dump = NetlinkFlags(rawValue: 0x300)

    /// Fails when the object exists.
    package static let exclusive = NetlinkFlags(rawValue: 0x200)

    /// Makes the object when it does not exist.
    package static let create = NetlinkFlags(rawValue: 0x400)

    /// Adds to the end of a list rather than to its start.
    package static let append = NetlinkFlags(rawValue: 0x800)

    /// In an answer: objects changed while they were listed.
    static let interrupted = NetlinkFlags(rawValue: 0x10)

    /// In a failure: the request is not repeated but for its header.
    static let capped = NetlinkFlags(rawValue: 0x100)

    /// In a failure: attributes follow.
    static let explained = NetlinkFlags(rawValue: 0x200)
}
