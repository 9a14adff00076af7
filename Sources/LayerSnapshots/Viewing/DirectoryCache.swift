import BuildContexts
import ByteStrings
import Synchronization

/// Open directories of views that build on each other, kept for later look-ups.
///
/// Of each view the directories on the way to the one that was asked for last, since the next is mostly near. All views
/// share one limit: each view of a tall stack has few directories of its own, and there are many views.
final class DirectoryCache: Sendable {
    private struct Trail {
        /// The root's value stands for nothing; nil is a directory that was closed to save descriptors.
        var directories = PathTrail<MergedDirectory?>(root: nil)

        /// The first level that may have a directory.
        var firstKept = 1
        var descriptors = 0

        mutating func keep(_ directory: MergedDirectory, at path: ByteString, most: Int) {
            for dropped in directories.cut(to: path) { descriptors -= dropped?.descriptorCount ?? 0 }
            // What is missing in between was closed, or never asked for by itself.
            _ = directories.follow(path) { _, _, _ in .some(nil) }
            let last = directories.values.count - 1
            descriptors += directory.descriptorCount - (directories.values[last]?.descriptorCount ?? 0)
            directories.values[last] = directory
            firstKept = min(firstKept, last)
            while descriptors > most, firstKept < last {
                descriptors -= directories.values[firstKept]?.descriptorCount ?? 0
                directories.values[firstKept] = nil
                firstKept += 1
            }
        }
    }

    private struct State {
        var trails: [Int: Trail] = [:]
        var descriptors = 0
        var views = 0
    }

    private static let mostDescriptors = 192
    private let state = Mutex(State())

    /// A number for another view, by which its directories are told from those of others.
    func addView() -> Int {
        state.withLock { state in
            state.views += 1
            return state.views
        }
    }

    /// The deepest directory at hand on the way to `path`, or at it, and the number of bytes of its path.
    func deepest(on path: ByteString, in view: Int) -> (directory: MergedDirectory, end: Int)? {
        state.withLock { state in
            guard let trail = state.trails[view]?.directories else { return nil }
            var level = trail.sharedDepth(with: path)
            while level > 0 {
                if let directory = trail.values[level] { return (directory, trail.end(of: level)) }
                level -= 1
            }
            return nil
        }
    }

    /// Keeps the directory at the first `end` bytes of `path`; those above it were asked for before.
    func keep(_ directory: MergedDirectory, at path: ByteString, end: Int, in view: Int) {
        let count = directory.descriptorCount
        state.withLock { state in
            if state.descriptors + count > Self.mostDescriptors, state.trails.count > 1 {
                let own = state.trails[view]
                state.trails = [:]
                state.trails[view] = own
                state.descriptors = own?.descriptors ?? 0
            }
            var trail = state.trails.removeValue(forKey: view) ?? Trail()
            state.descriptors -= trail.descriptors
            trail.keep(directory, at: ByteString(path.bytes[..<end]), most: Self.mostDescriptors)
            state.descriptors += trail.descriptors
            state.trails[view] = trail
        }
    }
}
