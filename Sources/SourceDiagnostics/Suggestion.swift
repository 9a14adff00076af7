/// Finds the word somebody may have meant.
package enum Suggestion {
    /// The candidate nearest to `word`, or nil when none is near enough to be a slip of the fingers.
    ///
    /// Letter case counts. A third of the word's letters may be wrong, three at most. The first of equals wins.
    package static func closest(to word: String, among candidates: some Sequence<String>) -> String? {
        let letters = Array(word.utf8.prefix(longestWord + 1))
        guard !letters.isEmpty, letters.count <= longestWord else { return nil }
        var limit = min(3, max(1, letters.count / 3))
        var best: String?
        for candidate in candidates where candidate != word {
            let others = Array(candidate.utf8.prefix(longestWord + 1))
            guard abs(others.count - letters.count) <= limit else { continue }
            let distance = distance(letters, others)
            if distance <= limit, best == nil || distance < limit {
                limit = distance
                best = candidate
            }
        }
        return best
    }

    /// Longer words are not compared: the work grows with the square of their length.
    private static let longestWord = 64

    /// Damerau-Levenshtein distance: insertions, deletions, changes, and swaps of neighbours.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in right.indices {
                let change = left[row] == right[column] ? 0 : 1
                var cost = min(previous[column + 1] + 1, current[column] + 1, previous[column] + change)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }
}
