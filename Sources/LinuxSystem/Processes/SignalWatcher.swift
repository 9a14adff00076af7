import CLinuxSystem
import Glibc
import Synchronization
import SystemPackage

/// Turns signals to this process into values.
///
/// A handler writes the number into a pipe, and a thread of its own reads it there; nothing of ours runs inside a
/// handler. Source: `signal-safety(7)`.
package enum SignalWatcher {
    /// The signals that ask a program to stop.
    package static let stopping: [Signal] = [.interrupt, .terminate, .hangUp]

    private static let pipe = Mutex<CInt?>(nil)
    private static let receivers = Mutex<[Signal: [@Sendable (Signal) -> Void]]>([:])

    /// Calls `receiver` for each of these signals from now on, for good, on the watcher's thread.
    ///
    /// `SIGPIPE` is ignored from then on too. Works while all other threads are busy.
    package static func watch(
        _ signals: [Signal] = stopping,
        _ receiver: @Sendable @escaping (Signal) -> Void
    ) throws(SystemError) {
        let descriptor = try start()
        receivers.withLock { receivers in
            for signal in signals { receivers[signal, default: []].append(receiver) }
        }
        for signal in signals {
            try systemCall("watch the signal \(signal)") { slipway_watch_signal(signal.rawValue, descriptor) }
        }
        try ignoreBrokenPipe()
    }

    /// These signals from now on, one after the other; several of a kind may arrive as one.
    package static func signals(_ signals: [Signal] = stopping) throws(SystemError) -> AsyncStream<Signal> {
        let (stream, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingNewest(64))
        try watch(signals) { continuation.yield($0) }
        return stream
    }

    /// A write to a pipe without a reader fails with `EPIPE` instead of ending the process.
    package static func ignoreBrokenPipe() throws(SystemError) {
        try systemCall("ignore a signal") { slipway_ignore_signal(SIGPIPE) }
    }

    /// Gives a signal back to the kernel's own reaction.
    package static func restore(_ signal: Signal) throws(SystemError) {
        try systemCall("restore the signal \(signal)") { slipway_default_signal(signal.rawValue) }
    }

    /// Ends this process by a signal, so that its parent sees the signal as the reason.
    package static func dieOf(_ signal: Signal) throws(SystemError) {
        try restore(signal)
        try systemCall("send the signal \(signal)") { Glibc.kill(getpid(), signal.rawValue) }
    }

    /// The writing end of the pipe, made with its thread on the first call.
    private static func start() throws(SystemError) -> CInt {
        var failure: SystemError?
        let started = pipe.withLock { descriptor -> CInt in
            if let descriptor { return descriptor }
            do throws(SystemError) {
                let ends = try Pipe()
                try ends.writeEnd.setNonBlocking(true)
                // Both ends live as long as the process: a handler may run at any time.
                let (reading, writing) = ends.release()
                try startThread { deliver(from: reading) }
                descriptor = writing
                return writing
            } catch {
                failure = error
                return -1
            }
        }
        if let failure { throw failure }
        return started
    }

    private static func deliver(from descriptor: CInt) {
        BlockingThread.name("signals")
        var byte: UInt8 = 0
        while true {
            let count = Glibc.read(descriptor, &byte, 1)
            if count == -1 && errno == EINTR { continue }
            guard count == 1 else { return }
            let signal = Signal(rawValue: CInt(byte))
            let called = receivers.withLock { $0[signal] ?? [] }
            for receiver in called { receiver(signal) }
        }
    }
}
