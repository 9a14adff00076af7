/// A point in time as files carry it: seconds and nanoseconds since 1970, possibly before.
package struct Timestamp: Hashable, Sendable {
    package var seconds: Int64

    /// From 0 to 999,999,999, added to `seconds` also when those are negative.
    package var nanoseconds: UInt32

    package init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// 1970-01-01T00:00:00Z.
    package static let epoch = Timestamp(seconds: 0)
}

extension Timestamp: Comparable {
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
