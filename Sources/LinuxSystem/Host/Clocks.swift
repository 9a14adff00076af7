package import FileModel
import Glibc

/// Time that only goes forward, also when somebody sets the clock.
package enum MonotonicClock {
    /// Time since some moment before the process started; only differences mean something.
    ///
    /// Source: `clock_gettime(2)`, `CLOCK_MONOTONIC`.
    package static var now: Duration {
        let time = read(CLOCK_MONOTONIC)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}

/// Time of day, which may jump.
package enum WallClock {
    /// Seconds and nanoseconds since 1970.
    ///
    /// Source: `clock_gettime(2)`, `CLOCK_REALTIME`.
    package static var now: Timestamp {
        Timestamp(read(CLOCK_REALTIME))
    }

    /// The time that a file changed at this moment would get; it may lie a tick behind ``now``.
    ///
    /// Source: `clock_gettime(2)`, `CLOCK_REALTIME_COARSE`.
    package static var fileTime: Timestamp {
        Timestamp(read(CLOCK_REALTIME_COARSE))
    }
}

private func read(_ clock: clockid_t) -> timespec {
    var time = timespec()
    clock_gettime(clock, &time)
    return time
}
