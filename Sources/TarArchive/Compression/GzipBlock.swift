import Dispatch
import Synchronization

/// One block on its way through a worker, or through the caller when no worker took it up.
final class GzipBlock: Sendable {
    private let content: [UInt8]
    private let isTaken = Atomic(false)
    private let result = Mutex<Result<[UInt8], CompressionError>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    init(_ content: [UInt8]) {
        self.content = content
    }

    /// Compresses the block, unless somebody else does so.
    func run() {
        guard !isTaken.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let outcome: Result<[UInt8], CompressionError>
        do {
            outcome = .success(try BlockCompressor.compress(content))
        } catch {
            outcome = .failure(error)
        }
        result.withLock { $0 = outcome }
        isDone.signal()
    }

    /// Waits for the members.
    ///
    /// A block that waits in a queue is compressed here and now, so this returns even when no worker ever runs.
    func members() throws(CompressionError) -> [UInt8] {
        run()
        isDone.wait()
        guard let outcome = result.withLock({ $0 }) else { throw .failed("a block is lost") }
        return try outcome.get()
    }
}
