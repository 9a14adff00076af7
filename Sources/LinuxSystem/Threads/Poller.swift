import Glibc
import SystemPackage

/// Waits for several descriptors at once.
///
/// Source: `poll(2)`.
package enum Poller {
    /// Waits until at least one descriptor can be read, or its other end is gone, and gives those, in their order.
    ///
    /// Empty when `timeout` passed first; nil waits for ever. A pidfd can be read when its process is gone. Descriptors
    /// below zero are left out.
    package static func wait(_ descriptors: [CInt], timeout: Duration? = nil) throws(SystemError) -> [CInt] {
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        try poll(&polled, timeout)
        return polled.filter { $0.revents != 0 }.map(\.fd)
    }

    static func waitUntilWritable(_ descriptor: CInt) throws(SystemError) {
        var polled = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
        try poll(&polled, nil)
    }

    private static func poll(_ polled: inout [pollfd], _ timeout: Duration?) throws(SystemError) {
        let end = timeout.map { MonotonicClock.now + $0 }
        while true {
            let count = Glibc.poll(&polled, nfds_t(polled.count), milliseconds(until: end))
            if count > 0 { return }
            if count == -1 && errno != EINTR { throw lastError("wait for descriptors") }
            if let end, MonotonicClock.now >= end { return }
        }
    }

    /// Rounded up, so that a short rest does not spin; at most an hour, after which the caller asks again.
    private static func milliseconds(until end: Duration?) -> CInt {
        guard let end else { return -1 }
        let rest = end - MonotonicClock.now
        if rest <= .zero { return 0 }
        if rest > .seconds(3600) { return 3_600_000 }
        let (seconds, attoseconds) = rest.components
        return CInt(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
