import LinuxSystem

/// A signal ended the work.
struct Interruption: Error {
    let signal: Signal
}

/// Runs something until it is done or the user wants it to stop.
enum InterruptibleWork {
    /// Runs `body`; the first signal cancels it and waits for it to clean up, the second ends the program at once.
    ///
    /// - Throws: ``Interruption`` when a signal came, else what `body` throws.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let signals = try SignalWatcher.signals()
        let work = Task { try await body() }
        let watch = Task { () -> Signal? in
            var first: Signal?
            for await signal in signals {
                if first != nil { try? SignalWatcher.dieOf(signal) }
                first = signal
                work.cancel()
            }
            return first
        }
        let outcome = await work.result
        watch.cancel()
        if case .failure = outcome, let signal = await watch.value { throw Interruption(signal: signal) }
        return try outcome.get()
    }
}
