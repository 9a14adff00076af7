package import ByteStrings
import FileModel

/// Where a path with links in it ends.
enum ResolvedPath: Hashable, Sendable {
    case found(ByteString, TreeEntry)

    /// What would have been next: the first path that is not there or is no directory, and the rest of the way.
    case absent(ByteString)
}

extension FileTree {
    /// The clean path of what `path` leads to, with links followed inside the tree; nil when it leads nowhere.
    ///
    /// A leading slash and absolute link targets start at the root, and `..` stops there. With `followingLast` false, a
    /// link in the last component is the result itself.
    ///
    /// - Throws: `ContextError.tooManyLinks` after 40 links, or what reading the tree fails with.
    package func resolve(_ path: ByteString, followingLast: Bool = true) throws -> ByteString? {
        guard case .found(let resolved, _) = try resolution(of: path, followingLast: followingLast) else { return nil }
        return resolved
    }

    /// The clean path of what `path` leads to, or of where that would be made: behind what is not there, or is no
    /// directory, the rest of the way is taken as it is.
    ///
    /// - Throws: As ``resolve(_:followingLast:)``.
    package func place(of path: ByteString) throws -> ByteString {
        switch try resolution(of: path, followingLast: true) {
        case .found(let place, _), .absent(let place): place
        }
    }

    /// Follows `path` component by component.
    func resolution(of path: ByteString, followingLast: Bool) throws -> ResolvedPath {
        var pending = Array(path.pathComponents.reversed())
        var kept: [ByteString] = []
        var links = 0
        var last: TreeEntry?
        while let component = pending.popLast() {
            if component == ".." {
                _ = kept.popLast()
                last = nil
                continue
            }
            kept.append(component)
            let here = kept.joinedAsPath
            guard let entry = try status(here) else { return .absent(here.followed(by: pending)) }
            if entry.kind == .symbolicLink, followingLast || !pending.isEmpty {
                links += 1
                if links > 40 { throw ContextError.tooManyLinks(path) }
                let target = try readLink(here)
                if target.isAbsolutePath { kept.removeAll() } else { kept.removeLast() }
                pending += target.pathComponents.reversed()
                last = nil
            } else if entry.kind != .directory, !pending.isEmpty {
                return .absent(here.followed(by: pending))
            } else {
                last = entry
            }
        }
        let resolved = kept.joinedAsPath
        guard let entry = try last ?? status(resolved) else { return .absent(resolved) }
        return .found(resolved, entry)
    }
}

extension ByteString {
    /// The clean path with components added, of which the last one comes first.
    fileprivate func followed(by pending: [ByteString]) -> ByteString {
        let whole = ([self] + pending.reversed()).joinedAsPath
        return ByteString(whole.lexicallyCleanedAbsolute.bytes.dropFirst())
    }
}
