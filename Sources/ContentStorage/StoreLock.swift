import LinuxSystem

/// A hold on the whole store, from its making until it goes away or its process dies.
package final class StoreLock: Sendable {
    private let lock: FileLock

    init(lock: consuming FileLock) {
        self.lock = lock
    }
}
