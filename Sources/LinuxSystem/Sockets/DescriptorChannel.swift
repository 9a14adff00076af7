import CLinuxSystem
import SystemPackage

/// A way to hand open descriptors to another process.
///
/// Source: `unix(7)`, `SCM_RIGHTS`.
package struct DescriptorChannel: ~Copyable, Sendable {
    /// The most that go with one message.
    package static var mostDescriptors: Int { Int(slipway_unix_most_descriptors) }

    private let ends: Pipe

    package init() throws(SystemError) {
        ends = try Pipe("make a pair of sockets", slipway_unix_pair)
    }

    /// The end to give to the other process; valid as long as the channel.
    package var receivingDescriptor: CInt { ends.readEnd.rawValue }

    /// Closes the receiving end in this process, and gives the other away.
    ///
    /// From then on sending fails with `EPIPE` when the other process is gone.
    package consuming func takeSender() -> OwnedDescriptor { ends.takeWriteEnd() }

    /// Sends copies of descriptors, which arrive in this order as one message with one byte.
    ///
    /// Takes 1 to ``mostDescriptors`` of them. Throws `EPIPE` when nobody can receive them any more; no signal is sent.
    package static func send(_ descriptors: [CInt], by sender: borrowing OwnedDescriptor) throws(SystemError) {
        let socket = sender.rawValue
        try systemCall("send descriptors") {
            slipway_unix_send_descriptors(socket, descriptors, descriptors.count)
        }
    }
}
