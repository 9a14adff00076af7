package import ByteStrings
import FileModel

/// The source paths and flags of a COPY, and what they select.
///
/// Source: Dockerfile reference, "COPY"; where it is silent, what BuildKit does.
package struct PathSelection: Hashable, Sendable {
    /// As written in the Dockerfile, expanded: with a leading slash or not, with `.` and `..`, with wildcards.
    package var patterns: [ByteString]

    /// `--parents`: the path of each file from the root, or from `/./`, is kept below the destination.
    package var parents: Bool

    /// `--exclude`: what to leave out of directories, relative to each of them.
    package var excluded: IgnoreMatcher

    package init(patterns: [ByteString], parents: Bool = false, excluded: IgnoreMatcher = IgnoreMatcher([])) {
        self.patterns = patterns
        self.parents = parents
        self.excluded = excluded
    }

    /// Selects from `tree`.
    ///
    /// `destinationIsDirectory` says that the destination is a directory already, or is written with a slash at its end.
    ///
    /// - Throws: `ContextError`, or what reading the tree fails with.
    package func select(from tree: some FileTree, destinationIsDirectory: Bool) throws -> Selection {
        try select(sources(in: tree), from: tree, destinationIsDirectory: destinationIsDirectory)
    }

    /// What each source path leads to, in the order of the paths; for one pattern in the order of a walk.
    ///
    /// A pattern may lead to nothing. Links are followed inside the tree: all of them for a path, only those before the
    /// first wildcard for a pattern, and then the match itself.
    ///
    /// - Throws: `ContextError.notFound` for a path, `ContextError.badPattern`, `ContextError.tooManyLinks`, or what
    ///   reading the tree fails with.
    package func sources(in tree: some FileTree) throws -> [SelectionSource] {
        try patterns.flatMap { pattern in
            parents
                ? try Self.sourcesKeepingParents(pattern, in: tree)
                : try SourceResolver(tree: tree).sources(pattern.lexicallyCleanedAbsolute)
        }
    }

    /// Selects what `sources`, some of those of ``sources(in:)``, give.
    ///
    /// A directory gives its contents. A later source replaces files of an earlier one.
    ///
    /// - Throws: `ContextError.directoryOntoFile`, `ContextError.fileOntoDirectory`, or what reading the tree fails with.
    package func select(
        _ sources: [SelectionSource],
        from tree: some FileTree,
        destinationIsDirectory: Bool
    ) throws -> Selection {
        var merge = SelectionMerge(isSingle: sources.count == 1)
        var form = destinationIsDirectory && !sources.isEmpty ? CopyDestinationForm.directory : .nothing
        for source in sources {
            if source.entry.kind == .directory {
                if form == .file { throw ContextError.directoryOntoFile("") }
                form = .directory
                var walk = SourceWalk(source, excluded: excluded)
                try tree.walk(source.path) { walk.visit($0) }
                try merge.append(walk.entries)
            } else {
                if form == .nothing { form = .file }
                let destination = form == .directory ? source.name : ""
                try merge.append([SelectedEntry(source: source.path, destination: destination, entry: source.entry)])
            }
        }
        return Selection(entries: merge.finish(), form: form)
    }

    private static func sourcesKeepingParents(_ pattern: ByteString, in tree: some FileTree) throws -> [SelectionSource]
    {
        let (base, kept) = split(pattern)
        let resolver = SourceResolver(tree: tree)
        let folders = try resolver.sources(base).filter { $0.entry.kind == .directory }
        let path = ByteString(kept.lexicallyCleanedAbsolute.bytes.dropFirst())
        if path.isEmpty { return folders }
        if !GlobPattern.isPattern(path), !GlobPattern.isPattern(base) {
            for folder in folders {
                let required = folder.path.appendingPath(path)
                if try tree.status(required) == nil {
                    let written = ByteString(base.bytes.dropFirst()).appendingPath(path)
                    throw try resolver.notFound(written, missing: required)
                }
            }
        }
        let included = IgnoreMatcher([try IgnorePattern(including: path)])
        return folders.map { folder in
            var folder = folder
            folder.included = included
            return folder
        }
    }

    /// The part in front of the first `/./`, or the root, and the part behind it.
    private static func split(_ pattern: ByteString) -> (base: ByteString, kept: ByteString) {
        let bytes = pattern.bytes
        let pivot = Array("/./".utf8)
        for start in bytes.indices where bytes[start...].starts(with: pivot) {
            return (ByteString(bytes[..<start]).lexicallyCleanedAbsolute, ByteString(bytes[(start + pivot.count)...]))
        }
        return ("/", pattern)
    }
}
