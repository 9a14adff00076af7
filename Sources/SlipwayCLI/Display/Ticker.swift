import Dispatch
import Synchronization

/// Calls something again and again until it is stopped.
final class Ticker: Sendable {
    private let queue = DispatchQueue(label: "slipway.ticker")
    private let interval: DispatchTimeInterval
    private let isStopped = Mutex(false)

    init(interval: DispatchTimeInterval) {
        self.interval = interval
    }

    /// Starts calling `action`, once each interval.
    func start(_ action: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + interval) { [self] in
            guard !isStopped.withLock({ $0 }) else { return }
            action()
            start(action)
        }
    }

    /// Ends the calls; one that has begun is waited for.
    func stop() {
        isStopped.withLock { $0 = true }
        queue.sync {}
    }
}
