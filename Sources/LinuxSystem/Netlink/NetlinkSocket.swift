import CLinuxSystem
import Glibc
import Synchronization
import SystemPackage

/// A conversation with the kernel about the network namespace in which the socket was opened.
///
/// The namespace stays the same wherever it is used. One exchange at a time; others wait. Source: `netlink(7)`.
package final class NetlinkSocket: Sendable {
    /// What the conversation is about.
    package enum Family: Hashable, Sendable {
        /// Links, addresses and routes: `rtnetlink(7)`.
        case route

        /// Filters and address translation.
        case netfilter
    }

    let descriptor: OwnedDescriptor
    private let sequence = Mutex<UInt32>(0)

    /// The kernel answers while a request is being sent, so this is never reached in practice.
    private static let secondsOfPatience: CInt = 30

    /// No datagram of the kernel is longer; it makes lists of objects in pieces of 32 KiB at most.
    private static let bufferSize = 64 << 10

    /// The most objects that a list may have.
    private static let objectLimit = 4 << 20

    /// Opens a socket in the namespace of the calling thread.
    ///
    /// Throws `EPROTONOSUPPORT` when the kernel lacks the family.
    package init(_ family: Family) throws(SystemError) {
        let number = family == .route ? slipway_netlink_route : slipway_netlink_netfilter
        descriptor = OwnedDescriptor(
            adopting: try systemCall("open a netlink socket") {
                slipway_netlink_open(number, Self.secondsOfPatience)
            }
        )
    }

    /// Sends requests in one go, and returns when each that asked for it has been acknowledged.
    ///
    /// The kernel takes them in order, and a failure does not stop those behind it, unless they are a batch of netfilter.
    /// - Throws: The first failure; those before it are done.
    package func send(_ messages: [NetlinkMessage], to operation: String) throws(NetlinkError) {
        try sequence.withLock { (sequence) throws(NetlinkError) in
            var sent: Set<UInt32> = []
            var pending: Set<UInt32> = []
            var bytes: [UInt8] = []
            for message in messages {
                sequence &+= 1
                sent.insert(sequence)
                if message.flags.contains(.acknowledge) { pending.insert(sequence) }
                bytes += try Self.encode(message, sequence, operation)
            }
            try transmit(bytes, operation)
            try awaitOutcomes(sent, pending, operation)
        }
    }

    /// Asks for objects and gives what `transform` makes of each, without those of which it makes nil.
    ///
    /// Asked with ``NetlinkFlags/dump`` for all, or with ``NetlinkFlags/acknowledge`` for one. When the objects change in
    /// the meantime it asks again, a few times.
    /// - Throws: The kernel's failure, or `EMSGSIZE` for more than 4 million objects.
    package func list<Value: Sendable>(
        _ message: NetlinkMessage,
        to operation: String,
        _ transform: (NetlinkReply) -> Value?
    ) throws(NetlinkError) -> [Value] {
        try sequence.withLock { (sequence) throws(NetlinkError) in
            var (values, isWhole) = ([Value](), false)
            for _ in 0..<8 where !isWhole {
                sequence &+= 1
                try transmit(try Self.encode(message, sequence, operation), operation)
                (values, isWhole) = try collect(sequence, operation, transform)
            }
            return values
        }
    }

    // MARK: - One exchange

    private static func encode(
        _ message: NetlinkMessage,
        _ sequence: UInt32,
        _ operation: String
    ) throws(NetlinkError) -> [UInt8] {
        do {
            return try message.encoded(sequence: sequence)
        } catch {
            throw NetlinkError(error, operation)
        }
    }

    private func transmit(_ bytes: [UInt8], _ operation: String) throws(NetlinkError) {
        let socket = descriptor.rawValue
        do {
            try systemCall(operation) {
                bytes.withUnsafeBytes { slipway_netlink_send(socket, $0.baseAddress, $0.count) }
            }
        } catch {
            throw NetlinkError(error, operation)
        }
    }

    private func awaitOutcomes(
        _ sent: Set<UInt32>,
        _ pending: Set<UInt32>,
        _ operation: String
    ) throws(NetlinkError) {
        var pending = pending
        var failure: NetlinkError?
        while !pending.isEmpty {
            // Behind a failure that stopped a batch come no more outcomes; all there are have been queued by now.
            let replies = try receive(waiting: failure == nil, operation)
            if replies.isEmpty { break }
            for reply in replies where sent.contains(reply.sequence) {
                guard let outcome = reply.outcome else { continue }
                pending.remove(reply.sequence)
                guard outcome.rawValue != 0, failure == nil else { continue }
                failure = NetlinkError(operation: operation, errno: outcome, explanation: reply.explanation)
            }
        }
        if let failure { throw failure }
    }

    private func collect<Value: Sendable>(
        _ sequence: UInt32,
        _ operation: String,
        _ transform: (NetlinkReply) -> Value?
    ) throws(NetlinkError) -> (values: [Value], isWhole: Bool) {
        var values: [Value] = []
        var (count, isWhole) = (0, true)
        while true {
            for reply in try receive(waiting: true, operation) where reply.sequence == sequence {
                if reply.flags.contains(.interrupted) { isWhole = false }
                if let outcome = reply.outcome {
                    guard outcome.rawValue == 0 else {
                        throw NetlinkError(operation: operation, errno: outcome, explanation: reply.explanation)
                    }
                    return (values, isWhole)
                }
                count += 1
                guard count <= Self.objectLimit else {
                    throw NetlinkError(operation: operation, errno: .messageTooLong)
                }
                if let value = transform(reply) { values.append(value) }
            }
        }
    }

    /// The messages of the next datagram; none when there is none and nobody waits.
    private func receive(waiting: Bool, _ operation: String) throws(NetlinkError) -> [NetlinkReply] {
        let socket = descriptor.rawValue
        var failure: NetlinkError?
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.bufferSize) { buffer, filled in
            do throws(SystemError) {
                let count = try systemCall(operation) {
                    slipway_netlink_receive(socket, buffer.baseAddress, buffer.count, waiting ? 1 : 0)
                }
                filled = min(count, buffer.count)
                if count > buffer.count { failure = NetlinkError(operation: operation, errno: .messageTooLong) }
            } catch {
                filled = 0
                let isEmpty = error.errno == .resourceTemporarilyUnavailable && !waiting
                if !isEmpty { failure = NetlinkError(error, operation) }
            }
        }
        if let failure { throw failure }
        return NetlinkReply.split(bytes[...])
    }
}
