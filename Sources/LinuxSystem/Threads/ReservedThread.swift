/// A thread for several pieces of work in turn, which nobody else has in between.
///
/// For what the kernel ties to a thread, such as processes that end with the thread that started them. The thread is
/// given back when nobody holds this object any more and its work is done.
package final class ReservedThread: Sendable {
    private let queue: JobQueue

    /// Reserves a thread; `SystemError` when there can be no more.
    package init() throws(SystemError) {
        let queue = JobQueue()
        self.queue = queue
        try BlockingThread.begin { queue.serve() }
    }

    /// Has the thread do `body` after all it has been given before, and does not wait for it.
    package func begin(_ body: @escaping @Sendable () -> Void) {
        queue.add(body)
    }

    /// Has the thread do `body` after all it has been given before, and hands back its result.
    ///
    /// Cancelling the task does not stop `body`. Throws what `body` throws.
    package func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.add { continuation.resume(with: Swift.Result { try body() }) }
        }
    }

    deinit {
        queue.add(nil)
    }
}
