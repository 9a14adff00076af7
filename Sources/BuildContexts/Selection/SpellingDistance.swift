import ByteStrings

/// How differently two names are spelled.
enum SpellingDistance {
    /// The number of bytes to insert, remove, replace or swap with their neighbour, without regard to ASCII case.
    ///
    /// Anything above `limit` only says that it is above.
    static func between(_ left: ByteString, _ right: ByteString, atMost limit: Int) -> Int {
        let (left, right) = (left.map(lowercased), right.map(lowercased))
        guard abs(left.count - right.count) <= limit else { return limit + 1 }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isEqual = left[row] == right[column]
                var distance = min(last[column] + (isEqual ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    distance = min(distance, beforeLast[column - 1] + 1)
                }
                current.append(distance)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
