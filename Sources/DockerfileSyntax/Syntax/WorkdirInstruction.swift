package import ByteStrings

/// `WORKDIR path`.
package struct WorkdirInstruction: Hashable, Sendable {
    /// The path, unexpanded; relative to the one before.
    package var path: ByteString

    package init(path: ByteString) {
        self.path = path
    }
}
