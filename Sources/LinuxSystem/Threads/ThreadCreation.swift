import CLinuxSystem

/// Whether this process can have threads.
package enum ThreadCreation {
    /// Makes threads possible where a filter of system calls around the process forbids them by the wrong error.
    ///
    /// Older container engines know no `clone3(2)` and refuse it with `EPERM`, on which the C library gives up. Call it
    /// before there is another thread, and after ``UserNamespace/enter()``.
    package static func makePossible() throws(SystemError) {
        try systemCall("make threads possible behind a filter of system calls") { slipway_make_threads_possible() }
    }
}
