import ByteStrings
import LinuxSystem

/// A chain of rules, as the kernel lists it.
struct FilterChain: Hashable, Sendable {
    let family: FilterFamily
    let table: ByteString
    let name: ByteString

    /// Whether it decides about packets that pass through the host.
    let isForwarding: Bool

    /// Whether it stops what no rule of it lets pass.
    let dropsByDefault: Bool

    /// Reads an answer about a chain, or gives nil when it is of another kind of packets.
    init?(_ reply: NetlinkReply) {
        guard reply.type == FilterNumbers.subsystem << 8 | FilterNumbers.newChain,
            let family = reply.body.first.flatMap(FilterFamily.init(rawValue:))
        else { return nil }
        let fields = reply.fields(after: FilterNumbers.headerSize)
        guard let table = fields.text(FilterNumbers.Chain.table), let name = fields.text(FilterNumbers.Chain.name)
        else {
            return nil
        }
        let hook = fields.nested(FilterNumbers.Chain.hook).bigEndian(FilterNumbers.Chain.hookNumber)
        self.family = family
        self.table = table
        self.name = name
        isForwarding = hook == FilterHook.forwardingNumber
        dropsByDefault = fields.bigEndian(FilterNumbers.Chain.policy) == FilterVerdict.drop.rawValue
    }

    /// Whether it stops the packets of networks that it has not heard of.
    ///
    /// That of firewalld lets everything pass by its policy and refuses in its last rule.
    var blocksStrangers: Bool {
        isForwarding && NetworkName(object: table) == nil && (dropsByDefault || table == "firewalld")
    }
}

/// A rule in somebody else's chain, as far as it is needed to find ours again.
struct FilterRuleRecord: Hashable, Sendable {
    let handle: UInt64
    let comment: ByteString

    private static let commentType: UInt8 = 0

    /// Reads an answer about a rule, or gives nil when it has no comment.
    init?(_ reply: NetlinkReply) {
        let fields = reply.fields(after: FilterNumbers.headerSize)
        guard let handle = fields[FilterNumbers.Rule.handle]?.integer(at: 0, as: UInt64.self),
            let data = fields[FilterNumbers.Rule.userData], data.first == Self.commentType,
            let length = data.dropFirst().first
        else { return nil }
        self.handle = UInt64(bigEndian: handle)
        comment = ByteString(data.dropFirst(2).prefix(Int(length)).prefix { $0 != 0 })
    }

    /// What a rule carries so that listings show the comment, up to 127 bytes of it.
    static func userData(_ comment: ByteString) -> [UInt8] {
        let text = comment.bytes.prefix(127) + [0]
        return [commentType, UInt8(text.count)] + text
    }
}
