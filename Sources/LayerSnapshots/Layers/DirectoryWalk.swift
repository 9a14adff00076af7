import BuildContexts
import ByteStrings
import LinuxSystem

/// Goes through a tree on disk: parents before children, names in ascending order of their bytes.
///
/// Nothing is followed and nothing is recursive: the depth of a tree costs neither stack nor descriptors.
struct DirectoryWalk {
    private struct Level {
        let entries: [DirectoryEntry]
        var next = 0

        /// Nil when it was closed meanwhile to save descriptors.
        var directory: DescriptorHandle?
    }

    private let root: DescriptorHandle

    /// Directories kept open; those above are opened again when the walk comes back to them.
    private static let mostDescriptors = 128

    init(_ root: DescriptorHandle) {
        self.root = root
    }

    init(hostPath: ByteString) throws(SystemError) {
        root = DescriptorHandle(try OwnedDescriptor.openDirectory(hostPath))
    }

    /// Calls `visit` with each entry below the root, its path and its open directory, and goes into the directories for
    /// which that is true; calls `leave` with each of these, and the root, after all below it.
    func run(
        visit: (_ path: ByteString, _ entry: DirectoryEntry, _ directory: DescriptorHandle) throws -> Bool,
        leave: (_ path: ByteString, _ directory: DescriptorHandle) throws -> Void = { _, _ in }
    ) throws {
        var stack = PathStack()
        var levels = [Level(entries: try root.descriptor.entries(), directory: root)]
        while let last = levels.indices.last {
            let directory = try levels[last].directory ?? reopen(&levels, stack)
            guard levels[last].next < levels[last].entries.count else {
                try leave(stack.path, directory)
                levels.removeLast()
                stack.leave()
                continue
            }
            let entry = levels[last].entries[levels[last].next]
            levels[last].next += 1
            guard try visit(stack.path(of: entry.name), entry, directory) else { continue }

            let child = DescriptorHandle(try directory.descriptor.openChild(entry.name, .directory))
            stack.enter(entry.name)
            levels.append(Level(entries: try child.descriptor.entries(), directory: child))
            let expired = levels.count - 1 - Self.mostDescriptors
            if expired >= 0 { levels[expired].directory = nil }
        }
    }

    /// Opens the last level again, and some above it to which the walk will come back next.
    private func reopen(_ levels: inout [Level], _ stack: PathStack) throws -> DescriptorHandle {
        let first = max(0, levels.count - Self.mostDescriptors / 2)
        var directory = DescriptorHandle(
            try root.descriptor.open(
                stack.path(depth: first),
                [.pathOnly, .directory, .noFollow],
                resolving: .beneathWithoutLinks
            )
        )
        levels[first].directory = directory
        for level in levels.indices[(first + 1)...] {
            let name = stack.name(depth: level)
            directory = DescriptorHandle(try directory.descriptor.openChild(name, [.pathOnly, .directory]))
            levels[level].directory = directory
        }
        return directory
    }
}
