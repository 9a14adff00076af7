import Synchronization

/// Files that several threads hash, each taking the next one.
final class HashingWork: Sendable {
    /// What one thread, or all of them, have come to.
    struct Outcome: Sendable {
        var hashes: [(index: Int, hash: ContentHash)] = []
        var failure: (index: Int, error: any Error)?

        mutating func merge(_ other: Outcome) {
            hashes += other.hashes
            // Indices are handed out in order, so that the smallest failing one is reached whatever the threads do.
            if let new = other.failure, new.index < failure?.index ?? .max { failure = new }
        }
    }

    private let queue: Mutex<ArraySlice<Int>>
    private let entries: [SelectedEntry]
    private let cache: FileHashCache?

    /// `indices` are those of the entries to hash.
    init(indices: [Int], entries: [SelectedEntry], cache: FileHashCache?) {
        queue = Mutex(indices[...])
        self.entries = entries
        self.cache = cache
    }

    /// Hashes until nothing is left or a file fails.
    func run(_ tree: some FileTree) -> Outcome {
        var outcome = Outcome()
        var hasher = FileHasher(tree: tree, cache: cache)
        while let index = queue.withLock({ $0.popFirst() }) {
            do {
                outcome.hashes.append((index, try hasher.hash(entries[index])))
            } catch {
                queue.withLock { $0.removeAll() }
                outcome.failure = (index, error)
                break
            }
        }
        return outcome
    }
}
