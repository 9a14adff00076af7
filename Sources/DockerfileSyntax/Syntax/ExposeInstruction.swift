package import ByteStrings

/// `EXPOSE port/protocol …`.
package struct ExposeInstruction: Hashable, Sendable {
    /// At least one word, unexpanded; expansion may make several of one.
    package var ports: [ByteString]

    package init(ports: [ByteString]) {
        self.ports = ports
    }
}
