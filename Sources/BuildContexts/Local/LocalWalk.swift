import ByteStrings
import FileModel
import LinuxSystem

/// A walk through a folder of the host that enters a directory once and reads the status of its entries.
///
/// Few descriptors are open however deep the tree is, and no path is resolved from the root but the start's.
struct LocalWalk {
    private struct Level {
        var path: ByteString
        var scope: IgnoreMatcher.Scope

        /// The directory itself while it is ignored and nothing below it has been visited.
        var unvisited: TreeEntry?
        var children: [TreeChild]
        var next = 0
    }

    private let context: LocalContext
    private let start: ByteString
    private var levels: [Level] = []
    private var chain: FolderChain

    init(_ context: LocalContext, from start: ByteString) {
        self.context = context
        self.start = start
        // The levels know their scopes themselves.
        chain = FolderChain(root: context.root, ignore: IgnoreMatcher([]))
    }

    /// Visits everything below the start that the ignore file lets through.
    mutating func run(_ visit: (WalkedEntry) throws -> WalkDecision) throws {
        try enter(start, context.ignore.scope(of: start), unvisited: nil)
        while !levels.isEmpty {
            let depth = levels.count - 1
            guard levels[depth].next < levels[depth].children.count else {
                levels.removeLast()
                continue
            }
            let child = levels[depth].children[levels[depth].next]
            levels[depth].next += 1
            let found = WalkedEntry(path: Self.join(levels[depth].path, child.name), entry: child.entry)
            if child.entry.kind == .directory {
                guard try walkDirectory(found, in: levels[depth].scope, visit) else { return }
            } else {
                guard try visitPending(visit), let decision = try visitUnlessSkipped(found, depth, visit) else {
                    return
                }
                if decision == .stop { return }
            }
        }
    }

    /// Visits and enters a directory; false when the walk is over.
    private mutating func walkDirectory(
        _ found: WalkedEntry,
        in parent: IgnoreMatcher.Scope,
        _ visit: (WalkedEntry) throws -> WalkDecision
    ) throws -> Bool {
        let ignore = context.ignore
        if ignore.patterns.isEmpty {
            let decision = try visit(found)
            if decision == .descend { try enter(found.path, parent, unvisited: nil) }
            return decision != .stop
        }
        let scope = found.path.bytes.withUnsafeBufferPointer { ignore.scope(of: $0, in: parent) }
        if ignore.ignores(scope) {
            let folder = found.path.bytes + [ByteString.slash]
            if folder.withUnsafeBufferPointer({ ignore.mayKeep(below: $0, in: scope) }) {
                try enter(found.path, scope, unvisited: found.entry)
            }
            return true
        }
        let depth = levels.count - 1
        guard try visitPending(visit), let decision = try visitUnlessSkipped(found, depth, visit) else { return false }
        if decision == .descend { try enter(found.path, scope, unvisited: nil) }
        return decision != .stop
    }

    /// Visits an entry of the level `depth`, unless that level was left because its directory is skipped.
    private func visitUnlessSkipped(
        _ found: WalkedEntry,
        _ depth: Int,
        _ visit: (WalkedEntry) throws -> WalkDecision
    ) throws -> WalkDecision? {
        levels.count > depth ? try visit(found) : .skip
    }

    /// Visits the ignored directories above something that is not; false when the walk is over.
    private mutating func visitPending(_ visit: (WalkedEntry) throws -> WalkDecision) throws -> Bool {
        for depth in levels.indices {
            guard let entry = levels[depth].unvisited else { continue }
            levels[depth].unvisited = nil
            switch try visit(WalkedEntry(path: levels[depth].path, entry: entry)) {
            case .descend:
                continue
            case .skip:
                levels.removeSubrange(depth...)
                return true
            case .stop:
                return false
            }
        }
        return true
    }

    private mutating func enter(_ path: ByteString, _ scope: IgnoreMatcher.Scope, unvisited: TreeEntry?) throws {
        let folder = try chain.folder(at: path).folder
        let ignore = context.ignore
        var children: [TreeChild] = []
        for entry in try folder.descriptor.entries() {
            if entry.kind != .directory, !ignore.patterns.isEmpty,
                Self.join(path, entry.name).bytes.withUnsafeBufferPointer({ ignore.ignores($0, in: scope) })
            {
                // A file system that does not tell kinds may still mean a directory.
                guard entry.kind == nil, try folder.descriptor.statusIfPresent(of: entry.name)?.kind == .directory
                else {
                    continue
                }
            }
            // What went away since the directory was read was never there.
            guard let status = try folder.descriptor.statusIfPresent(of: entry.name) else { continue }
            children.append(TreeChild(name: entry.name, entry: TreeEntry(status)))
        }
        levels.append(Level(path: path, scope: scope, unvisited: unvisited, children: children))
    }

    private static func join(_ folder: ByteString, _ name: ByteString) -> ByteString {
        if folder.isEmpty { return name }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(folder.count + 1 + name.count)
        bytes += folder.bytes
        bytes.append(ByteString.slash)
        bytes += name.bytes
        return ByteString(bytes)
    }
}
