package import LinuxSystem
import Synchronization

/// Ends the containers that watch it, from any thread and at any time.
package final class ContainerCancellation: Sendable {
    private let pipe: Pipe
    private let cancelled = Atomic<Bool>(false)

    package init() throws(SystemError) {
        pipe = try OwnedDescriptor.makePipe()
    }

    /// Whether ``cancel()`` was called.
    package var isCancelled: Bool {
        cancelled.load(ordering: .acquiring)
    }

    /// Kills every container that watches, now and later; further calls do nothing.
    package func cancel() {
        guard !cancelled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // An empty pipe takes one byte, and both ends live as long as this object.
        try? pipe.writeEnd.write([0])
    }

    /// Becomes readable by the cancellation and stays so, for nobody reads it.
    var descriptor: CInt { pipe.readEnd.rawValue }
}
