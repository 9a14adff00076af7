import ByteStrings
import FileModel

/// Finds what the paths and patterns of a copy lead to.
struct SourceResolver<Tree: FileTree> {
    let tree: Tree

    /// What an absolute, clean path or pattern leads to.
    func sources(_ path: ByteString) throws -> [SelectionSource] {
        let components = path.pathComponents
        guard let first = components.firstIndex(where: GlobPattern.isPattern) else {
            return [try source(components.joinedAsPath, name: components.last ?? "", isMatch: false)]
        }
        let prefix = components[..<first].joinedAsPath
        guard case .found(let folder, let entry) = try tree.resolution(of: prefix, followingLast: true),
            entry.kind == .directory
        else { return [] }
        return try matches(of: components[first...], in: folder).map { match in
            try source(match, name: match.lastPathComponent, isMatch: true)
        }
    }

    private func matches(of components: ArraySlice<ByteString>, in folder: ByteString) throws -> [ByteString] {
        guard let component = components.first else { return [folder] }
        let rest = components.dropFirst()
        let glob = try GlobPattern(component)
        return try tree.children(folder).filter { child in
            (rest.isEmpty || child.entry.kind == .directory) && glob.matches(child.name)
        }.flatMap { child in
            try matches(of: rest, in: folder.appendingPath(child.name))
        }
    }

    private func source(_ path: ByteString, name: ByteString, isMatch: Bool) throws -> SelectionSource {
        switch try tree.resolution(of: path, followingLast: true) {
        case .found(let resolved, let entry):
            return SelectionSource(path: resolved, name: name, entry: entry, isMatch: isMatch)
        case .absent(let missing):
            throw try notFound(path, missing: missing)
        }
    }

    /// The error for `path`, whose way ends before `missing`.
    func notFound(_ path: ByteString, missing: ByteString) throws -> ContextError {
        let rule = try tree.ruleHiding(missing)
        let nearest = rule == nil ? try nearestPath(to: missing) : nil
        return .notFound(path: path, nearest: nearest, hiddenBy: rule)
    }

    /// The path beside the first missing component that is spelled most like it, or nil when none is.
    private func nearestPath(to missing: ByteString) throws -> ByteString? {
        var folder: ByteString = ""
        let components = missing.pathComponents
        for (index, component) in components.enumerated() {
            let path = folder.appendingPath(component)
            switch try tree.status(path)?.kind {
            case .directory:
                folder = path
            case nil:
                let names = try tree.children(folder).map(\.name)
                guard let name = Self.closest(to: component, among: names) else { return nil }
                let candidate = ([folder.appendingPath(name)] + components[(index + 1)...]).joinedAsPath
                return try tree.status(candidate) == nil ? folder.appendingPath(name) : candidate
            default:
                return nil
            }
        }
        return nil
    }

    private static func closest(to name: ByteString, among names: [ByteString]) -> ByteString? {
        // A name spelled otherwise at more than a third of its bytes is another name.
        let limit = max(1, name.count / 3)
        return names.prefix(10_000)
            .map { (name: $0, distance: SpellingDistance.between(name, $0, atMost: limit)) }
            .filter { $0.distance <= limit }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?
            .name
    }
}
