import ByteStrings
import SystemPackage

/// One message from the kernel.
package struct NetlinkReply: Hashable, Sendable {
    package let type: UInt16
    let flags: NetlinkFlags
    let sequence: UInt32

    /// The header of the family and the attributes.
    package let body: ArraySlice<UInt8>

    private static let failureType: UInt16 = 2
    private static let endType: UInt16 = 3

    /// The attributes behind a header of so many bytes.
    package func fields(after headerSize: Int) -> NetlinkFields {
        NetlinkFields(body.dropFirst(headerSize))
    }

    /// The messages of one datagram; bytes that are no message end the list.
    static func split(_ datagram: ArraySlice<UInt8>) -> [NetlinkReply] {
        var replies: [NetlinkReply] = []
        var rest = datagram
        while let length = rest.integer(at: 0, as: UInt32.self), length >= NetlinkMessage.headerSize,
            length <= rest.count, let type = rest.integer(at: 4, as: UInt16.self),
            let flags = rest.integer(at: 6, as: UInt16.self), let sequence = rest.integer(at: 8, as: UInt32.self)
        {
            let body = rest.prefix(Int(length)).dropFirst(NetlinkMessage.headerSize)
            replies.append(
                NetlinkReply(type: type, flags: NetlinkFlags(rawValue: flags), sequence: sequence, body: body)
            )
            rest = rest.dropFirst((Int(length) + 3) & ~3)
        }
        return replies
    }

    /// Whether this closes a list of objects.
    var isEnd: Bool { type == Self.endType }

    /// What became of a request: zero when all went well; nil when this message tells something else.
    var outcome: Errno? {
        guard isEnd || type == Self.failureType else { return nil }
        guard let number = body.integer(at: 0, as: Int32.self) else {
            return isEnd ? Errno(rawValue: 0) : .protocolError
        }
        return Errno(rawValue: number == .min ? .max : abs(number))
    }

    /// The kernel's own words for a failure, cut off after 512 bytes.
    var explanation: String? {
        guard flags.contains(.explained) else { return nil }
        var skipped = 4
        if !isEnd {
            guard let original = body.integer(at: 4, as: UInt32.self) else { return nil }
            skipped += flags.contains(.capped) ? NetlinkMessage.headerSize : (Int(original) + 3) & ~3
        }
        let messageType: UInt16 = 1
        let text = fields(after: skipped).text(messageType)
        return text.map { ByteString($0.bytes.prefix(512)).description }
    }
}
