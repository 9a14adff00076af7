import ByteStrings
import FileModel
import LinuxSystem

/// A walk through a folder of the host that enters a directory once and reads the status of its entries.
///
/// Few descriptors are open however deep the tree is, and no path is resolved from the root but the start's.
struct LocalWalk {
    private struct Level {
        var scope: IgnoreMatcher.Scope

        /// The directory itself while it is ignored and nothing below it has been visited.
        var unvisited: TreeEntry?
        var children: [TreeChild]
        var next = 0
    }

    private let context: LocalContext
    private let start: ByteString

    /// Nothing before the start is entered.
    private var levels: [Level] = []
    private var stack: PathStack
    private var chain: FolderChain

    init(_ context: LocalContext, from start: ByteString) {
        self.context = context
        self.start = start
        stack = PathStack(start)
        // The levels know their scopes themselves.
        chain = FolderChain(root: context.root, ignore: IgnoreMatcher([]))
    }

    /// Visits everything below the start that the ignore file lets through.
    mutating func run(_ visit: (WalkedEntry) throws -> WalkDecision) throws {
        try enter(start, context.ignore.scope(of: start), unvisited: nil)
        while !levels.isEmpty {
            let depth = levels.count - 1
            guard levels[depth].next < levels[depth].children.count else {
                leave(to: depth)
                continue
            }
            let child = levels[depth].children[levels[depth].next]
            levels[depth].next += 1
            let found = WalkedEntry(path: stack.path(of: child.name), entry: child.entry)
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
            if decision == .descend { try descend(found, parent, unvisited: nil) }
            return decision != .stop
        }
        let scope = found.path.bytes.withUnsafeBufferPointer { ignore.scope(of: $0, in: parent) }
        if ignore.ignores(scope) {
            let folder = found.path.bytes + [ByteString.slash]
            if folder.withUnsafeBufferPointer({ ignore.mayKeep(below: $0, in: scope) }) {
                try descend(found, scope, unvisited: found.entry)
            }
            return true
        }
        let depth = levels.count - 1
        guard try visitPending(visit), let decision = try visitUnlessSkipped(found, depth, visit) else { return false }
        if decision == .descend { try descend(found, scope, unvisited: nil) }
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
            switch try visit(WalkedEntry(path: stack.path(depth: depth), entry: entry)) {
            case .descend:
                continue
            case .skip:
                leave(to: depth)
                return true
            case .stop:
                return false
            }
        }
        return true
    }

    /// Leaves the directory of the level `depth`, and those below it.
    private mutating func leave(to depth: Int) {
        for _ in depth..<levels.count { stack.leave() }
        levels.removeSubrange(depth...)
    }

    private mutating func descend(_ found: WalkedEntry, _ scope: IgnoreMatcher.Scope, unvisited: TreeEntry?) throws {
        stack.enter(found.path.folderAndName.name)
        try enter(found.path, scope, unvisited: unvisited)
    }

    private mutating func enter(_ path: ByteString, _ scope: IgnoreMatcher.Scope, unvisited: TreeEntry?) throws {
        let folder = try chain.folder(at: path).folder
        let entries = try folder.descriptor.entries()
        var children: [TreeChild] = []
        children.reserveCapacity(entries.count)
        for entry in entries {
            if entry.kind != .directory, ignores(entry.name, in: scope) {
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
        levels.append(Level(scope: scope, unvisited: unvisited, children: children))
    }

    private func ignores(_ name: ByteString, in scope: IgnoreMatcher.Scope) -> Bool {
        let ignore = context.ignore
        if ignore.patterns.isEmpty { return false }
        return stack.path(of: name).bytes.withUnsafeBufferPointer { ignore.ignores($0, in: scope) }
    }
}
