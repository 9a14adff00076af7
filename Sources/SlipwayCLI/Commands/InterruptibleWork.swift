import Dispatch
import LinuxSystem
import Synchronization

/// A signal ended the work.
struct Interruption: Error {
    let signal: Signal
}

/// Runs something until it is done or the user wants it to stop.
enum InterruptibleWork {
    /// Runs `body`; the first signal cancels it and gives it two seconds to clean up, the second ends the program at once.
    ///
    /// Signals are taken on a thread of their own: they work while every other thread waits for a terminal that is
    /// stopped. What a program that had to be ended leaves, the next one sweeps.
    ///
    /// - Throws: ``Interruption`` when a signal came, else what `body` throws.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await run { _ in try await body() }
    }

    /// The same for work that notices itself when nobody is there any more to see it.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable (InterruptionWatch) async throws -> Value
    ) async throws -> Value {
        let watch = InterruptionWatch { try? SignalWatcher.dieOf($0) }
        try SignalWatcher.watch { watch.take($0) }
        let work = Task { try await body(watch) }
        watch.begin { work.cancel() }
        let outcome = await work.result
        let signal = watch.end()
        if case .failure = outcome, let signal { throw Interruption(signal: signal) }
        return try outcome.get()
    }
}

/// What becomes of signals while work is under way.
final class InterruptionWatch: Sendable {
    private struct State {
        var cancel: (@Sendable () -> Void)?
        var first: Signal?
        var isOver = false
    }

    private let state = Mutex(State())
    private let grace: DispatchTimeInterval
    private let die: @Sendable (Signal) -> Void

    /// `die` ends the program; `grace` is what work gets to clean up.
    init(grace: DispatchTimeInterval = .seconds(2), die: @escaping @Sendable (Signal) -> Void) {
        self.grace = grace
        self.die = die
    }

    /// Says how the work is cancelled; at once when a signal came already.
    func begin(cancel: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.cancel = cancel
            return state.first != nil
        }
        if isLate { cancel() }
    }

    /// Takes a signal, on any thread.
    func take(_ signal: Signal) {
        take(signal, endsWhenRepeated: true)
    }

    private func take(_ signal: Signal, endsWhenRepeated: Bool) {
        let (isFirst, cancel) = state.withLock { state in
            guard state.first == nil, !state.isOver else { return (false, state.cancel) }
            state.first = signal
            return (true, state.cancel)
        }
        guard isFirst else {
            if endsWhenRepeated { die(signal) }
            return
        }
        // A queue of its own, for all threads that others share may be waiting.
        DispatchQueue(label: "slipway.grace").asyncAfter(deadline: .now() + grace) { [self] in
            if !state.withLock({ $0.isOver }) { die(signal) }
        }
        cancel?()
    }

    /// Nobody reads what the work shows, which counts as `SIGPIPE` and may be said any number of times.
    func losesReader() {
        take(.pipe, endsWhenRepeated: false)
    }

    /// The work is done.
    ///
    /// - Returns: The signal that came meanwhile.
    func end() -> Signal? {
        state.withLock { state in
            state.isOver = true
            state.cancel = nil
            return state.first
        }
    }
}
