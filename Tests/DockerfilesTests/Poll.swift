import Foundation

/// Waits for what happens in its own time.
enum Poll {
    /// Whether the condition holds before the time is over; asked every 5 ms.
    static func until(seconds: Double = 20, _ condition: () throws -> Bool) rethrows -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            if try condition() { return true }
            usleep(5_000)
        }
        return try condition()
    }
}
