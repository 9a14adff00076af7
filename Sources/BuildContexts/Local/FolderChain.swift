import ByteStrings
import LinuxSystem
import SystemPackage

/// The open directories on the way to the one that was asked for last, with what the ignore file says of each.
///
/// A directory is entered from the one above it by its name alone, and no link is followed. So a deep tree costs one
/// call a directory instead of one for each component of its path. However deep it is, few descriptors are open.
struct FolderChain: Sendable {
    private struct Level: Sendable {
        let scope: IgnoreMatcher.Scope

        /// Nil before it is asked for, and again when it was closed to save descriptors.
        var folder: FolderHandle?
    }

    private let ignore: IgnoreMatcher
    private var trail: PathTrail<Level>

    /// The first level but the root's that may be open.
    private var firstOpen = 1

    private static let mostDescriptors = 128

    /// Every so many levels a directory stays open, so that the way back up is never long.
    private static let restingPlace = 256

    init(root: FolderHandle, ignore: IgnoreMatcher) {
        self.ignore = ignore
        trail = PathTrail(root: Level(scope: ignore.rootScope, folder: root))
    }

    /// The directory at a clean relative path, and the scope of its entries.
    ///
    /// - Throws: `SystemError` as opening the path without following links fails with.
    mutating func folder(at path: ByteString) throws(SystemError) -> (folder: FolderHandle, scope: IgnoreMatcher.Scope)
    {
        let ignore = ignore
        _ = trail.follow(path) { parent, _, end in
            if ignore.patterns.isEmpty { return Level(scope: parent.scope) }
            let scope = path.bytes.withUnsafeBufferPointer { bytes in
                ignore.scope(of: UnsafeBufferPointer(rebasing: bytes[..<end]), in: parent.scope)
            }
            return Level(scope: scope)
        }
        let last = trail.values.count - 1
        return (try open(last), trail.values[last].scope)
    }

    private mutating func open(_ last: Int) throws(SystemError) -> FolderHandle {
        var index = last
        while index > 0, trail.values[index].folder == nil { index -= 1 }
        guard var folder = trail.values[index].folder else {
            throw SystemError(operation: "open", errno: .badFileDescriptor)
        }
        // Those in between are opened as well, for a walk comes back to them; but not all of a long way.
        let first = max(index + 1, last - Self.mostDescriptors / 2)
        if first > index + 1 {
            folder = try enter(folder, trail.path(at: first - 1), above: trail.path(at: index))
            trail.values[first - 1].folder = folder
            firstOpen = min(firstOpen, first - 1)
        }
        for next in first..<(last + 1) where next > index {
            folder = FolderHandle(try folder.descriptor.openChild(trail.name(at: next), [.pathOnly, .directory]))
            trail.values[next].folder = folder
            firstOpen = min(firstOpen, next)
        }
        while firstOpen <= last - Self.mostDescriptors {
            if !firstOpen.isMultiple(of: Self.restingPlace) { trail.values[firstOpen].folder = nil }
            firstOpen += 1
        }
        return folder
    }

    private func enter(
        _ folder: FolderHandle,
        _ path: ByteString,
        above start: ByteString
    ) throws(SystemError) -> FolderHandle {
        let rest = start.isEmpty ? path : ByteString(path.bytes[(start.count + 1)...])
        return FolderHandle(
            try folder.descriptor.open(rest, [.pathOnly, .directory], resolving: .beneathWithoutLinks)
        )
    }
}
