package import ByteStrings

/// `STOPSIGNAL signal`.
package struct StopsignalInstruction: Hashable, Sendable {
    /// A name or a number, unexpanded.
    package var signal: ByteString

    package init(signal: ByteString) {
        self.signal = signal
    }
}
