package import ByteStrings
import CLinuxSystem

/// Overlay file systems that are mounted in one call at a place, for kernels and filters without the calls of
/// ``DetachedOverlay``.
package enum AttachedOverlay {
    /// Whether `mount(2)` makes one of the folders `lower`, `second`, `upper` and `work` below a folder of the host.
    ///
    /// Tried in a mount namespace that is gone at once. Blocks.
    package static func isPossible(
        in folder: ByteString,
        userAttributes: Bool = !UserNamespace.current.isInitial
    ) -> Bool {
        // A thread of its own, for it never gets back to the mounts of the others.
        guard let thread = try? NamespaceThread(name: "overlay") else { return false }
        return thread.run { () -> Bool in
            folder.withTerminated { slipway_try_overlay($0, userAttributes ? 1 : 0) } == 0
        }
    }
}
