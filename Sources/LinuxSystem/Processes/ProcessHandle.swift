import CLinuxSystem
import Glibc
import SystemPackage

/// A child process, until its end has been taken note of.
///
/// The pidfd means this very process, also when its number is used again. A handle that goes away before ``wait()``
/// kills the process and waits for its end. Source: `pidfd_open(2)`.
package struct ProcessHandle: ~Copyable, Sendable {
    /// Can be read as soon as the process is gone, which is what ``Poller`` waits for.
    ///
    /// Never close it.
    package let pidfd: CInt

    /// In the PID namespace of this process.
    package let pid: Int32

    init(pidfd: consuming OwnedDescriptor, pid: Int32) {
        self.pidfd = pidfd.release()
        self.pid = pid
    }

    /// Waits until the process is gone.
    ///
    /// Blocks the thread.
    package consuming func wait() throws(SystemError) -> ExitStatus {
        let watched = OwnedDescriptor(adopting: pidfd)
        discard self
        guard let status = try Self.status(of: watched.rawValue, waiting: true) else {
            throw SystemError(operation: "wait for a process", errno: .noChildProcess)
        }
        return status
    }

    /// Whether the process is gone; ``wait()`` then returns at once.
    package borrowing func hasEnded() throws(SystemError) -> Bool {
        try !Poller.wait([pidfd], timeout: .zero).isEmpty
    }

    /// Sends a signal; that the process is gone already is no error.
    package borrowing func send(_ signal: Signal) throws(SystemError) {
        let target = pidfd
        do {
            try systemCall("send \(signal) to a process") { slipway_pidfd_send_signal(target, signal.rawValue) }
        } catch let error where error.errno == .noSuchProcess {
        }
    }

    /// Asks the process to end, or forces it with `.kill`.
    package borrowing func terminate(_ signal: Signal = .terminate) throws(SystemError) {
        try send(signal)
    }

    private static func status(of pidfd: CInt, waiting: Bool) throws(SystemError) -> ExitStatus? {
        var (status, signaled): (CInt, CInt) = (0, 0)
        let count = try systemCall("wait for a process") {
            slipway_pidfd_wait(pidfd, waiting ? 1 : 0, &status, &signaled)
        }
        guard count == 1 else { return nil }
        return signaled == 0 ? .code(status) : .signal(Signal(rawValue: status))
    }

    deinit {
        _ = slipway_pidfd_send_signal(pidfd, SIGKILL)
        _ = try? Self.status(of: pidfd, waiting: true)
        _ = Glibc.close(pidfd)
    }
}
