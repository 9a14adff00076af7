package import ByteStrings

/// One `--ssh`: its name, and the socket of the agent that commands may ask.
package struct BuildSSHAgent: Hashable, Sendable {
    /// `default` unless it was named.
    package var id: ByteString

    /// The path of a socket on the host.
    package var socket: ByteString

    package init(id: ByteString, socket: ByteString) {
        self.id = id
        self.socket = socket
    }
}
