import ByteStrings
import LinuxSystem
import Synchronization

/// The file that keeps what one command writes: all of it up to a limit, and the end of what is more.
///
/// A log that cannot be written is no reason to fail a build.
final class StepLog: Sendable {
    /// The file and what it lacks.
    private struct State {
        var file: LogFile?
        var room = StepLog.mostBytes
        var isBroken = false

        /// The last bytes of what no longer fits.
        var tail: [UInt8] = []

        /// How many bytes are neither in the file nor in `tail`.
        var omitted: UInt64 = 0
    }

    private final class LogFile: Sendable {
        let descriptor: OwnedDescriptor

        init(_ descriptor: consuming OwnedDescriptor) {
            self.descriptor = descriptor
        }
    }

    /// So much from the beginning, and so much from the end of what is longer.
    static let mostBytes = 63 << 20
    static let tailBytes = 1 << 20

    private let filePath: ByteString
    private let make: @Sendable () throws -> OwnedDescriptor
    private let state = Mutex(State())

    /// `make` makes the file at `path` when there is something to write.
    init(path: ByteString, make: @escaping @Sendable () throws -> OwnedDescriptor) {
        filePath = path
        self.make = make
    }

    /// Where the file is; nil when there is none.
    var path: ByteString? {
        state.withLock { $0.file == nil || $0.isBroken ? nil : filePath }
    }

    /// Adds what the command wrote.
    func add(_ bytes: [UInt8]) {
        state.withLock { state in
            if state.isBroken || bytes.isEmpty { return }
            do {
                if state.file == nil { state.file = LogFile(try make()) }
                let fitting = min(bytes.count, state.room)
                if fitting > 0 {
                    try state.file?.descriptor.write(fitting == bytes.count ? bytes : Array(bytes[..<fitting]))
                    state.room -= fitting
                }
                if fitting < bytes.count { Self.keepEnd(of: bytes[fitting...], in: &state) }
            } catch {
                state.isBroken = true
            }
        }
    }

    /// Writes the end of what was too long; nothing may be added any more.
    func finish() {
        state.withLock { state in
            guard !state.isBroken, let file = state.file, !state.tail.isEmpty else { return }
            let surplus = max(0, state.tail.count - Self.tailBytes)
            let omitted = state.omitted + UInt64(surplus)
            let notice = omitted > 0 ? "\n[slipway leaves out \(omitted) bytes here]\n" : ""
            do {
                try file.descriptor.write(Array(notice.utf8) + state.tail[surplus...])
            } catch {
                state.isBroken = true
            }
            state.tail = []
        }
    }

    private static func keepEnd(of bytes: ArraySlice<UInt8>, in state: inout State) {
        state.tail += bytes
        guard state.tail.count > 2 * tailBytes else { return }
        let surplus = state.tail.count - tailBytes
        state.tail.removeFirst(surplus)
        state.omitted += UInt64(surplus)
    }
}
