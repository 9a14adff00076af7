package import ByteStrings

/// Which ids of users, or of groups, a user namespace has, and what they are outside.
///
/// Source: `user_namespaces(7)`, "Defining user and group ID mappings".
package struct IDMap: Hashable, Sendable {
    /// Ids that follow each other on both sides.
    package struct Range: Hashable, Sendable {
        package var inside: UInt32
        package var outside: UInt32

        /// At least 1.
        package var count: UInt32

        package init(inside: UInt32, outside: UInt32, count: UInt32) {
            self.inside = inside
            self.outside = outside
            self.count = count
        }
    }

    /// In ascending order of the ids inside.
    package var ranges: [Range]

    /// The most lines that the kernel takes, since Linux 4.15.
    package static let mostRanges = 340

    /// Every id is itself, as in the namespace that the kernel starts with.
    package static let initial = IDMap(ranges: [Range(inside: 0, outside: 0, count: .max)])

    package init(ranges: [Range]) {
        self.ranges = ranges
    }

    /// The map in which root is `own` and the ids from 1 on are the subordinate ones, as far as there are any.
    ///
    /// Ranges that overlap others, or hold `own`, are left out, for the kernel refuses a map with them.
    package init(own: UInt32, subordinate: [SubordinateIDs.Range]) {
        var ranges = [Range(inside: 0, outside: own, count: 1)]
        var next: UInt32 = 1
        for range in subordinate where ranges.count < Self.mostRanges {
            let isTaken = ranges.contains { known in
                UInt64(range.first) < UInt64(known.outside) + UInt64(known.count)
                    && UInt64(known.outside) < UInt64(range.first) + UInt64(range.count)
            }
            // The largest number means: no id at all.
            let count = min(range.count, UInt32.max - next)
            guard !isTaken, count > 0 else { continue }
            ranges.append(Range(inside: next, outside: range.first, count: count))
            next += count
        }
        self.ranges = ranges
    }

    /// Reads what the kernel shows of a map: three numbers a line.
    ///
    /// Source: `/proc/self/uid_map`. Nil for anything else; an empty text is a map without ids.
    package init?(parsing text: ByteString) {
        ranges = []
        for line in text.bytes.split(separator: UInt8(ascii: "\n")) {
            let numbers = line.split(separator: UInt8(ascii: " "))
                .map { UInt32(String(decoding: $0, as: UTF8.self)) }
            guard numbers.count == 3, let inside = numbers[0], let outside = numbers[1], let count = numbers[2],
                count > 0
            else { return nil }
            ranges.append(Range(inside: inside, outside: outside, count: count))
        }
        ranges.sort { $0.inside < $1.inside }
    }

    /// The map of a namespace within this one in which every id means itself.
    var insideOut: IDMap {
        IDMap(ranges: ranges.map { Range(inside: $0.inside, outside: $0.inside, count: $0.count) })
    }

    /// Whether the namespace has the id.
    package func contains(_ id: UInt32) -> Bool {
        id != .max && ranges.contains { $0.inside <= id && id - $0.inside < $0.count }
    }

    /// How many ids the namespace has; the initial one has all but the largest number.
    package var count: UInt64 {
        ranges.reduce(0) { $0 + UInt64($1.count) }
    }

    /// The numbers in the order in which `newuidmap(1)` takes them.
    package var arguments: [ByteString] {
        ranges.flatMap { [$0.inside, $0.outside, $0.count].map { ByteString(String($0)) } }
    }

    /// The text that the kernel takes.
    package var text: ByteString {
        ByteString(ranges.map { "\($0.inside) \($0.outside) \($0.count)\n" }.joined())
    }
}
