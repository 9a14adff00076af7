import ByteStrings
import LinuxSystem

/// Where in its way through the host a chain meets a packet.
///
/// Numbers: hook, priority among the chains there.
enum FilterHook: Hashable, Sendable {
    case forwarding
    case sourceTranslation

    static let forwardingNumber: UInt32 = 2

    fileprivate var number: UInt32 { self == .forwarding ? Self.forwardingNumber : 4 }
    fileprivate var priority: Int32 { self == .forwarding ? 0 : 100 }
    fileprivate var type: ByteString { self == .forwarding ? "filter" : "nat" }
}

/// Requests about tables of filters, their chains and rules.
enum FilterMessages {
    private typealias Rule = FilterNumbers.Rule

    /// The requests between marks that make the kernel carry out all or none of them.
    static func batch(_ messages: [NetlinkMessage]) -> [NetlinkMessage] {
        [mark(FilterNumbers.beginBatch)] + messages + [mark(FilterNumbers.endBatch)]
    }

    /// Makes a table; an owned one goes away with the socket and can be changed by nobody else.
    static func makeTable(_ name: ByteString, owned: Bool) -> NetlinkMessage {
        makeTable(name, owned: owned, [.create, .exclusive, .acknowledge])
    }

    /// Makes a table unless it is there.
    static func makeSharedTable(_ name: ByteString) -> NetlinkMessage {
        makeTable(name, owned: false, [.create, .acknowledge])
    }

    private static func makeTable(_ name: ByteString, owned: Bool, _ flags: NetlinkFlags) -> NetlinkMessage {
        var message = message(FilterNumbers.newTable, flags)
        message.attributes.append(FilterNumbers.Table.name, text: name)
        message.attributes.append(
            FilterNumbers.Table.flags,
            bigEndian: owned ? FilterNumbers.Table.owned : 0
        )
        return message
    }

    static func deleteTable(_ name: ByteString) -> NetlinkMessage {
        var message = message(FilterNumbers.deleteTable, .acknowledge)
        message.attributes.append(FilterNumbers.Table.name, text: name)
        return message
    }

    /// Makes a chain; `policy` is for what no rule of it decides about.
    static func makeChain(
        _ name: ByteString,
        in table: ByteString,
        at hook: FilterHook,
        policy: FilterVerdict = .accept
    ) -> NetlinkMessage {
        var message = message(FilterNumbers.newChain, [.create, .acknowledge])
        message.attributes.append(FilterNumbers.Chain.table, text: table)
        message.attributes.append(FilterNumbers.Chain.name, text: name)
        message.attributes.append(FilterNumbers.Chain.hook) {
            $0.append(FilterNumbers.Chain.hookNumber, bigEndian: hook.number)
            $0.append(FilterNumbers.Chain.hookPriority, bigEndian: hook.priority)
        }
        message.attributes.append(FilterNumbers.Chain.policy, bigEndian: policy.rawValue)
        message.attributes.append(FilterNumbers.Chain.type, text: hook.type)
        return message
    }

    /// Adds a rule at the end of a chain of ours.
    static func addRule(_ expressions: [FilterExpression], to chain: ByteString, in table: ByteString) -> NetlinkMessage
    {
        rule(expressions, chain, table, .ipv4, [.create, .append, .acknowledge])
    }

    /// Puts a rule before all others of a chain of somebody else; `comment` tells whose it is.
    static func putRule(_ expressions: [FilterExpression], before chain: FilterChain, comment: ByteString)
        -> NetlinkMessage
    {
        var message = rule(expressions, chain.name, chain.table, chain.family, [.create, .acknowledge])
        message.attributes.append(Rule.userData, bytes: FilterRuleRecord.userData(comment))
        return message
    }

    static func deleteRule(_ handle: UInt64, of chain: FilterChain) -> NetlinkMessage {
        var message = message(FilterNumbers.deleteRule, .acknowledge, chain.family)
        message.attributes.append(Rule.table, text: chain.table)
        message.attributes.append(Rule.chain, text: chain.name)
        message.attributes.append(Rule.handle, bigEndian: handle)
        return message
    }

    static var allTables: NetlinkMessage { message(FilterNumbers.getTable, .dump) }

    /// The chains of every family.
    static var allChains: NetlinkMessage { message(FilterNumbers.getChain, .dump, nil) }

    static func rules(of chain: FilterChain) -> NetlinkMessage {
        var message = message(FilterNumbers.getRule, .dump, chain.family)
        message.attributes.append(Rule.table, text: chain.table)
        message.attributes.append(Rule.chain, text: chain.name)
        return message
    }

    private static func rule(
        _ expressions: [FilterExpression],
        _ chain: ByteString,
        _ table: ByteString,
        _ family: FilterFamily,
        _ flags: NetlinkFlags
    ) -> NetlinkMessage {
        var message = message(FilterNumbers.newRule, flags, family)
        message.attributes.append(Rule.table, text: table)
        message.attributes.append(Rule.chain, text: chain)
        message.attributes.append(Rule.expressions) { list in
            for expression in expressions { expression.append(to: &list) }
        }
        return message
    }

    /// Starts a request with its `struct nfgenmsg`; no family stands for every one.
    private static func message(
        _ number: UInt16,
        _ flags: NetlinkFlags,
        _ family: FilterFamily? = .ipv4
    ) -> NetlinkMessage {
        NetlinkMessage(
            type: FilterNumbers.subsystem << 8 | number,
            flags: flags,
            header: [family?.rawValue ?? 0, 0, 0, 0]
        )
    }

    private static func mark(_ number: UInt16) -> NetlinkMessage {
        NetlinkMessage(type: number, header: [0, 0, 0, UInt8(FilterNumbers.subsystem)])
    }
}
