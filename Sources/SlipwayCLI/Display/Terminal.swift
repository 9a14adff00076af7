import ByteStrings
import LinuxSystem
import Synchronization

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

    private let reader = Reader()

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

    /// Has something done when it turns out that nobody reads any more, each time that it does.
    func whenUnread(_ body: @escaping @Sendable () -> Void) {
        reader.isGone.withLock { $0 = body }
    }

    /// Writes bytes; what cannot be shown is not an error of the build.
    func write(_ bytes: [UInt8]) {
        if !StandardStreams.show(bytes), let body = reader.isGone.withLock({ $0 }) { body() }
    }

    /// Whoever sees what is written.
    private final class Reader: Sendable {
        /// What is to be done when there is nobody; nil when nobody asked to know.
        let isGone = Mutex<(@Sendable () -> Void)?>(nil)
    }
}
