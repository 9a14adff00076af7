package import BuildInterface
import Synchronization

/// Numbers the vertices of a build and hands its events out one at a time.
package final class EventReporter: Sendable {
    private struct State {
        var lastVertex = 0
    }

    private let state = Mutex(State())
    private let onEvent: @Sendable (BuildEvent) -> Void

    /// Every event goes to `onEvent`, never two at once.
    package init(onEvent: @escaping @Sendable (BuildEvent) -> Void) {
        self.onEvent = onEvent
    }

    /// Announces a new vertex and returns its number, from 1.
    package func start(_ name: String) -> Int {
        state.withLock { state in
            state.lastVertex += 1
            onEvent(.started(vertex: state.lastVertex, name: name))
            return state.lastVertex
        }
    }

    /// Passes an event on.
    package func send(_ event: BuildEvent) {
        state.withLock { _ in onEvent(event) }
    }

    /// Runs `body` as a vertex of its own, from its start to its end or failure.
    ///
    /// - Throws: What `body` throws.
    package func vertex<Value>(_ name: String, _ body: () async throws -> Value) async throws -> Value {
        let number = start(name)
        let began = ContinuousClock.now
        do {
            let value = try await body()
            send(.completed(vertex: number, duration: began.duration(to: .now)))
            return value
        } catch is CancellationError {
            send(.cancelled(vertex: number))
            throw CancellationError()
        } catch {
            send(.failed(vertex: number, message: "\(error)"))
            throw error
        }
    }
}
