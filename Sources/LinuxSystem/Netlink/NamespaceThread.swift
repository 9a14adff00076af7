import Synchronization

/// A thread that does one job after the other and may change its namespaces, for nobody else gets it afterwards.
///
/// It starts in the namespaces of the thread that made it, and ends when its owner lets go of it, the jobs at hand done.
package final class NamespaceThread: Sendable {
    private let queue: JobQueue

    /// Starts the thread; the first 15 bytes of `name` show up in process listings.
    package init(name: String) throws(SystemError) {
        let queue = JobQueue()
        self.queue = queue
        try startThread {
            BlockingThread.name(name)
            queue.serve()
        }
    }

    /// Does `job` when those before it are done, and does not wait for it.
    package func post(_ job: @Sendable @escaping () -> Void) {
        queue.add(job)
    }

    /// Does `job` when those before it are done, and blocks the calling thread until then.
    ///
    /// Never call it from a job of the same thread.
    package func run<Value: Sendable, Failure: Error>(
        _ job: @Sendable @escaping () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let slot = Slot<Value, Failure>()
        queue.add {
            let result: Result<Value, Failure>
            do throws(Failure) {
                result = .success(try job())
            } catch {
                result = .failure(error)
            }
            slot.outcome.withLock { $0 = result }
            slot.filled.signal()
        }
        slot.filled.wait()
        guard let result = slot.outcome.withLock({ $0 }) else { preconditionFailure("the job leaves its outcome") }
        return try result.get()
    }

    deinit {
        queue.add(nil)
    }
}

/// Where a job leaves what came of it.
private final class Slot<Value: Sendable, Failure: Error>: Sendable {
    let outcome = Mutex<Result<Value, Failure>?>(nil)
    let filled = Semaphore()
}
