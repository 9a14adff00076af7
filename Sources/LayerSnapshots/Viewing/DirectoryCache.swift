import ByteStrings
import Synchronization

/// Open directories of views that build on each other, kept for later look-ups.
///
/// All of them share one limit, since each view of a tall stack has few of its own and there are many views.
final class DirectoryCache: Sendable {
    private struct Key: Hashable {
        let view: Int
        let path: ByteString
    }

    private struct State {
        var directories: [Key: MergedDirectory] = [:]
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

    func directory(_ path: ByteString, in view: Int) -> MergedDirectory? {
        state.withLock { $0.directories[Key(view: view, path: path)] }
    }

    /// The deepest directory on the way that is at hand, and how deep it is.
    func deepest(of components: [ByteString], in view: Int) -> (directory: MergedDirectory, depth: Int)? {
        state.withLock { state in
            for depth in stride(from: components.count - 1, to: 0, by: -1) {
                let key = Key(view: view, path: components[..<depth].joinedAsPath)
                if let known = state.directories[key] { return (known, depth) }
            }
            return nil
        }
    }

    func keep(_ directory: MergedDirectory, at path: ByteString, in view: Int) {
        state.withLock { state in
            let count = directory.descriptorCount
            if state.descriptors + count > Self.mostDescriptors {
                state.directories = [:]
                state.descriptors = 0
            }
            state.directories[Key(view: view, path: path)] = directory
            state.descriptors += count
        }
    }
}
