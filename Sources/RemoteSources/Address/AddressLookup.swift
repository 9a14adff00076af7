internal import ByteStrings
internal import LinuxSystem
internal import Synchronization

/// Asks for the addresses of a host, and does not wait when nobody wants them any more.
final class AddressLookup: Sendable {
    private typealias Waiting = CheckedContinuation<[IPAddress], any Error>

    private enum State {
        case open, waiting(Waiting), closed
    }

    private let state = Mutex(State.open)

    /// The addresses, the one to try first at the front.
    ///
    /// - Throws: ``HostNames/LookupError``, or `CancellationError`.
    static func addresses(of host: String) async throws -> [IPAddress] {
        try await AddressLookup().run(ByteString(host))
    }

    private func run(_ host: ByteString) async throws -> [IPAddress] {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isWanted = state.withLock { state in
                    guard case .open = state else { return false }
                    state = .waiting(continuation)
                    return true
                }
                guard isWanted else { return continuation.resume(throwing: CancellationError()) }
                Task {
                    do {
                        let found = try await BlockingThread.run { try HostNames.addresses(of: host) }
                        self.finish(.success(found))
                    } catch {
                        self.finish(.failure(error))
                    }
                }
            }
        } onCancel: {
            finish(.failure(CancellationError()))
        }
    }

    private func finish(_ result: Result<[IPAddress], any Error>) {
        let waiting: Waiting? = state.withLock { state in
            defer { state = .closed }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        waiting?.resume(with: result)
    }
}
