import CLinuxSystem
import Glibc
import Synchronization
import SystemPackage

/// Threads for work that waits in system calls, which must never hold up the threads that Swift's tasks share.
package enum BlockingThread {
    /// Runs `body` on a thread of its own from start to end, and hands back its result.
    ///
    /// Threads are kept for later calls. All signals are blocked on them. Cancelling the task does not stop `body`.
    /// Throws what `body` throws, or `SystemError` when there can be no more threads.
    package static func run<Result: Sendable>(
        _ body: @Sendable @escaping () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try Worker.start { continuation.resume(with: Swift.Result { try body() }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Starts `body` on such a thread and does not wait for it.
    static func begin(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        try Worker.start(body)
    }

    /// The name that the calling thread has in process listings; the first 15 bytes count.
    package static func name(_ name: String) {
        _ = slipway_name_thread(name)
    }
}

/// One thread, and what it is to do next.
private final class Worker: Sendable {
    typealias Job = @Sendable () -> Void

    private static let idle = Mutex<[Worker]>([])

    /// Idle threads above this number end.
    private static let mostIdle = 16

    private let next: Mutex<Job?>
    private let wake = Semaphore()

    private init(_ first: @escaping Job) {
        next = Mutex(first)
    }

    static func start(_ job: @escaping Job) throws(SystemError) {
        if let worker = idle.withLock({ $0.popLast() }) {
            worker.next.withLock { $0 = job }
            worker.wake.signal()
            return
        }
        let worker = Worker(job)
        worker.wake.signal()
        try startThread { worker.serve() }
    }

    private func serve() {
        while true {
            wake.wait()
            guard let job = next.withLock({ $0.take() }) else { return }
            job()
            let isKept = Self.idle.withLock { idle in
                guard idle.count < Self.mostIdle else { return false }
                idle.append(self)
                return true
            }
            if !isKept { return }
        }
    }
}

/// Starts a thread that is never joined, with every signal blocked.
func startThread(_ body: @Sendable @escaping () -> Void) throws(SystemError) {
    let box = Unmanaged.passRetained(ThreadBody(body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
    // Deep recursion happens on these threads too; pages are only taken when they are touched.
    pthread_attr_setstacksize(&attributes, 8 << 20)
    var thread = pthread_t()
    let code = pthread_create(
        &thread,
        &attributes,
        { argument in
            _ = slipway_block_signals()
            if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        },
        box.toOpaque()
    )
    if code != 0 {
        box.release()
        throw SystemError(operation: "start a thread", errno: Errno(rawValue: code))
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @Sendable @escaping () -> Void) { self.run = run }
}
