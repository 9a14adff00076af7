internal import LinuxSystem
internal import Synchronization

/// Counts what arrives, and notices when too little does.
final class TransferProgress: Sendable {
    private let count = Mutex<(bytes: UInt64, heads: UInt64)>((0, 0))

    /// Bytes of the body so far.
    var received: UInt64 { count.withLock { $0.bytes } }

    private var signsOfLife: UInt64 { count.withLock { $0.bytes &+ $0.heads } }

    /// Counts bytes of the body.
    func add(_ bytes: Int) {
        count.withLock { $0.bytes &+= UInt64(clamping: bytes) }
    }

    /// Notes that the head of an answer is there.
    func noteHead() {
        count.withLock { $0.heads &+= 1 }
    }

    /// Runs `body`, and gives it up when nothing arrives for a while, or too little for a longer one.
    ///
    /// - Throws: ``TransferFailure``, or what `body` throws.
    func watch<Result: Sendable>(
        _ url: RemoteURL,
        _ options: HTTPOptions,
        _ body: @Sendable @escaping () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.watch(url, options)
                return nil
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let finished { return finished }
            }
            throw CancellationError()
        }
    }

    private func watch(_ url: RemoteURL, _ options: HTTPOptions) async throws {
        let start = MonotonicClock.now
        var (last, lastChange) = (signsOfLife, start)
        var (windowStart, windowBytes) = (start, signsOfLife)
        let pause = min(options.stallTimeout, options.rateWindow) / 8
        while true {
            try await Task.sleep(for: pause)
            let (now, bytes) = (MonotonicClock.now, signsOfLife)
            if bytes != last { (last, lastChange) = (bytes, now) }
            if now - lastChange >= options.stallTimeout {
                throw TransferFailure(
                    .stalled(url: "\(url)", seconds: options.stallTimeout.components.seconds),
                    .later(nil)
                )
            }
            let span = now - windowStart
            guard span >= options.rateWindow else { continue }
            let least = UInt64(clamping: options.minimumRate).multipliedReportingOverflow(
                by: UInt64(clamping: options.rateWindow.components.seconds)
            )
            if bytes - windowBytes < least.partialValue, !least.overflow {
                throw TransferFailure(.tooSlow(url: "\(url)", bytesPerSecond: options.minimumRate), .later(nil))
            }
            (windowStart, windowBytes) = (now, bytes)
        }
    }
}
