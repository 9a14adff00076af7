import BuildContexts
import ByteStrings
import Synchronization

/// Open directories of views that build on each other, kept for later look-ups.
///
/// Of each view the directories on the way to the one that was asked for last, since the next is mostly near; and a few
/// such ways, since several copies may read from one view at a time. All views share one limit: each view of a tall stack
/// has few directories of its own, and there are many views.
final class DirectoryCache: Sendable {
    private struct Trail {
        /// The root's value stands for nothing; nil is a directory that was closed to save descriptors.
        var directories = PathTrail<MergedDirectory?>(root: nil)

        /// The first level that may have a directory.
        var firstKept = 1
        var descriptors = 0

        /// When something was kept here last.
        var turn = 0

        mutating func keep(_ directory: MergedDirectory, at path: ByteString, most: Int) {
            for dropped in directories.cut(to: path) { descriptors -= dropped?.descriptorCount ?? 0 }
            // What is missing in between was closed, or never asked for by itself.
            _ = directories.follow(path) { _, _, _ in .some(nil) }
            let last = directories.values.count - 1
            descriptors += directory.descriptorCount - (directories.values[last]?.descriptorCount ?? 0)
            directories.values[last] = directory
            firstKept = min(firstKept, last)
            while descriptors > most, firstKept < last {
                if !firstKept.isMultiple(of: DirectoryWalk.restingPlace) {
                    descriptors -= directories.values[firstKept]?.descriptorCount ?? 0
                    directories.values[firstKept] = nil
                }
                firstKept += 1
            }
        }
    }

    private struct State {
        var trails: [Int: [Trail]] = [:]
        var descriptors = 0
        var views = 0
        var turn = 0

        /// Takes out the trail that a directory at `path` belongs to, or a new one.
        mutating func takeTrail(for path: ByteString, of view: Int) -> Trail {
            let own = trails[view] ?? []
            let shared = own.map { $0.directories.sharedDepth(with: path) }
            // What shares nothing gives way to the newcomer when it is the one that was not used for longest.
            let best = own.indices.max { (shared[$0], -own[$0].turn) < (shared[$1], -own[$1].turn) }
            guard let best else { return Trail() }
            let lost = own[best].directories.values.count - 1 - shared[best]
            // Most of another way would be lost, on which somebody else may be.
            if own.count < DirectoryCache.mostTrails, lost > shared[best] { return Trail() }
            return trails[view]?.remove(at: best) ?? Trail()
        }
    }

    private static let mostDescriptors = 192

    /// So many ways are kept of one view.
    private static let mostTrails = 4
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
            var found: (directory: MergedDirectory, end: Int)?
            for trail in state.trails[view] ?? [] {
                var level = trail.directories.sharedDepth(with: path)
                while level > 0, trail.directories.end(of: level) > found?.end ?? 0 {
                    if let directory = trail.directories.values[level] {
                        found = (directory, trail.directories.end(of: level))
                    }
                    level -= 1
                }
            }
            return found
        }
    }

    /// Keeps the directory at the first `end` bytes of `path`; those above it were asked for before.
    func keep(_ directory: MergedDirectory, at path: ByteString, end: Int, in view: Int) {
        let count = directory.descriptorCount
        state.withLock { state in
            let whole = ByteString(path.bytes[..<end])
            var trail = state.takeTrail(for: whole, of: view)
            if state.descriptors + count > Self.mostDescriptors {
                state.trails = [:]
                state.descriptors = trail.descriptors
            }
            state.descriptors -= trail.descriptors
            trail.keep(directory, at: whole, most: Self.mostDescriptors)
            state.turn += 1
            trail.turn = state.turn
            state.descriptors += trail.descriptors
            state.trails[view, default: []].append(trail)
        }
    }
}
