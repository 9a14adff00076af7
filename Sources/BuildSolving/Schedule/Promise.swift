import Synchronization

/// A value that one task makes and others wait for.
///
/// Whoever makes it must settle it in every case, also when it is cancelled; waiting does not end before.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Value, any Error>])
        case settled(Result<Value, any Error>)
    }

    private let state = Mutex(State.waiting([]))

    init() {}

    /// A promise that is kept already.
    init(_ value: Value) {
        state.withLock { $0 = .settled(.success(value)) }
    }

    /// The value, or nil while it is not there; nil as well when making it failed.
    var settledValue: Value? {
        state.withLock { state in
            guard case .settled(.success(let value)) = state else { return nil }
            return value
        }
    }

    /// The value, as soon as it is there.
    ///
    /// - Throws: What making it failed with.
    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<Value, any Error>? = state.withLock { state in
                switch state {
                case .settled(let result): return result
                case .waiting(let waiting):
                    state = .waiting(waiting + [continuation])
                    return nil
                }
            }
            if let result { continuation.resume(with: result) }
        }
    }

    /// Ends all waiting; only the first call counts.
    func settle(_ result: Result<Value, any Error>) {
        let waiting: [CheckedContinuation<Value, any Error>] = state.withLock { state in
            guard case .waiting(let waiting) = state else { return [] }
            state = .settled(result)
            return waiting
        }
        for continuation in waiting { continuation.resume(with: result) }
    }
}
