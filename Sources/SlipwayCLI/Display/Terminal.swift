import ByteStrings
import LinuxSystem

/// What is known of the place progress is written to.
struct Terminal: Sendable {
    /// The descriptor; 2 for standard error.
    let descriptor: CInt

    /// Whether the cursor can be moved there.
    let isInteractive: Bool

    /// Whether colours are wanted.
    ///
    /// Source: no-color.org: a `NO_COLOR` that is not empty switches them off.
    let hasColour: Bool

    init(descriptor: CInt, environment: [ByteString: ByteString]) {
        self.descriptor = descriptor
        let isTerminal = Host.isTerminal(descriptor)
        isInteractive = isTerminal && environment["TERM"] != "dumb"
        hasColour = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Columns and rows; a common size when the kernel does not know.
    var size: (columns: Int, rows: Int) {
        guard let size = Host.terminalSize(descriptor), size.columns > 10, size.rows > 3 else { return (80, 24) }
        return (size.columns, size.rows)
    }

    /// Writes bytes; a reader that went away is not an error of the build.
    func write(_ bytes: [UInt8]) {
        try? StandardStreams.write(to: .error, bytes)
    }
}
