import Dispatch
import LinuxSystem
import OCIModel
import Synchronization

/// Hashes the pieces of a blob and writes them to its file, while their maker makes the next ones.
///
/// Pieces are taken in order, and only a few are in memory at once. What is written is flushed now and then, so that the
/// disk has work from the start and publishing need not wait for all of it.
final class PieceWriter: Sendable {
    private struct State: Sendable {
        /// Nil when nothing may be written any more.
        var file: TemporaryFile?
        var digester = Digester(.sha256)
        var failure: SystemError?
        var unflushed = 0
        var isFlushing = false
    }

    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "blob")
    private let flushes = DispatchQueue(label: "flush")
    private let room = DispatchSemaphore(value: 4)

    /// So many bytes are written between two flushes, at least.
    private static let flushSize = 32 << 20

    init(_ file: TemporaryFile) {
        state = Mutex(State(file: file))
    }

    /// Takes the next piece; waits while there are too many.
    ///
    /// - Throws: What writing an earlier one failed with.
    func submit(_ piece: [UInt8]) throws(SystemError) {
        room.wait()
        queue.async { [self] in
            write(piece)
            room.signal()
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Writes the last piece, and gives the digest of all.
    ///
    /// - Throws: What writing or flushing failed with.
    func finish(_ last: [UInt8]) throws(SystemError) -> Digest {
        queue.sync { write(last) }
        // The kernel reports a failed flush once, so nobody else would hear of it.
        flushes.sync {}
        return try state.withLock { state throws(SystemError) in
            if let failure = state.failure { throw failure }
            state.file = nil
            return state.digester.finalize()
        }
    }

    /// Drops what is not written yet, and lets go of the file.
    func stop() {
        state.withLock { $0.file = nil }
        queue.sync {}
        flushes.sync {}
    }

    private func write(_ piece: [UInt8]) {
        guard let file = state.withLock({ $0.failure == nil ? $0.file : nil }) else { return }
        // Only this queue touches the digest, and the lock must be free meanwhile.
        var digester = state.withLock { $0.digester }
        digester.update(piece)
        state.withLock { [digester] in $0.digester = digester }
        do {
            try file.descriptor.write(piece)
        } catch {
            state.withLock { $0.failure = error }
            return
        }
        let mayFlush = state.withLock { state in
            state.unflushed += piece.count
            guard state.unflushed >= Self.flushSize, !state.isFlushing else { return false }
            state.unflushed = 0
            state.isFlushing = true
            return true
        }
        if mayFlush { flushes.async { [self] in flush() } }
    }

    private func flush() {
        guard let file = state.withLock({ $0.file }) else { return }
        var failure: SystemError?
        do throws(SystemError) { try file.descriptor.synchronize() } catch { failure = error }
        state.withLock { [failure] state in
            state.isFlushing = false
            state.failure = state.failure ?? failure
        }
    }
}
