import Synchronization

/// What a thread is to do next; nil ends it.
final class JobQueue: Sendable {
    typealias Job = @Sendable () -> Void

    private let jobs = Mutex<[Job?]>([])
    private let added = Semaphore()

    func add(_ job: Job?) {
        jobs.withLock { $0.append(job) }
        added.signal()
    }

    /// Does one job after the other until the end.
    func serve() {
        while true {
            added.wait()
            guard let job = jobs.withLock({ $0.removeFirst() }) else { return }
            job()
        }
    }
}
