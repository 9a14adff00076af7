import ByteStrings
import FileModel
import LinuxSystem
import OCIModel

/// Computes the digests of selections; files whose hash the cache knows are not opened.
package struct ContentHasher: Sendable {
    private let cache: FileHashCache?

    package init(cache: FileHashCache? = nil) {
        self.cache = cache
    }

    /// Hashes on the calling thread.
    ///
    /// Counted are destination, kind, permissions, link groups, link targets, device numbers, extended attributes and
    /// bytes, with `keepingOwners` also owner and group; times never are.
    ///
    /// - Throws: `ContextError.changedDuringBuild`, or what reading the tree fails with.
    package func hash(
        _ selection: Selection,
        in tree: some FileTree,
        keepingOwners: Bool
    ) throws -> HashedSelection {
        let began = WallClock.fileTime
        var contents = try knownHashes(selection.entries, tree)
        let unread = Self.unreadFiles(selection.entries, contents)
        if !unread.isEmpty {
            var reader = FileHasher(tree: tree, cache: cache)
            for index in unread { contents[index] = try reader.hash(selection.entries[index]) }
        }
        return try finish(selection, contents, tree, keepingOwners, since: began)
    }

    /// Hashes with up to `threads` files read at once; the result is the same.
    ///
    /// Blocking calls are made on threads of their own.
    ///
    /// - Throws: As ``hash(_:in:keepingOwners:)``; of several failures the one whose entry comes first.
    package func hash(
        _ selection: Selection,
        in tree: some FileTree,
        keepingOwners: Bool,
        threads: Int
    ) async throws -> HashedSelection {
        let began = WallClock.fileTime
        let (known, unread, hashed) = try await BlockingThread.run {
            let known = try knownHashes(selection.entries, tree)
            let unread = Self.unreadFiles(selection.entries, known)
            let hashed = unread.isEmpty ? try finish(selection, known, tree, keepingOwners, since: began) : nil
            return (known, unread, hashed)
        }
        if let hashed { return hashed }
        let work = HashingWork(indices: unread, entries: selection.entries, cache: cache)
        let read = try await withThrowingTaskGroup(of: HashingWork.Outcome.self) { group in
            for _ in 0..<min(max(1, threads), unread.count) {
                group.addTask { try await BlockingThread.run { work.run(tree) } }
            }
            return try await group.reduce(into: HashingWork.Outcome()) { $0.merge($1) }
        }
        if let failure = read.failure { throw failure.error }
        var contents = known
        for (index, hash) in read.hashes { contents[index] = hash }
        return try await BlockingThread.run { [contents] in
            try finish(selection, contents, tree, keepingOwners, since: began)
        }
    }

    private func knownHashes(_ entries: [SelectedEntry], _ tree: some FileTree) throws -> [ContentHash?] {
        var hashes = cache?.hashes(of: entries) ?? [ContentHash?](repeating: nil, count: entries.count)
        if !tree.isLive {
            for index in entries.indices where hashes[index] == nil && entries[index].entry.kind == .regular {
                hashes[index] = try tree.knownContentHash(entries[index].source)
            }
        }
        return hashes
    }

    /// The indices of the files to read: of hard links only the first name.
    private static func unreadFiles(_ entries: [SelectedEntry], _ contents: [ContentHash?]) -> [Int] {
        var groups: Set<Int> = []
        return entries.indices.filter { index in
            guard entries[index].entry.kind == .regular, contents[index] == nil else { return false }
            return entries[index].linkGroup.map { groups.insert($0).inserted } ?? true
        }
    }

    private func finish(
        _ selection: Selection,
        _ contents: [ContentHash?],
        _ tree: some FileTree,
        _ keepsOwners: Bool,
        since began: Timestamp
    ) throws -> HashedSelection {
        var contents = contents
        var ofGroup: [Int: ContentHash] = [:]
        var unsettled: [FileID: ContentHash] = [:]
        for index in contents.indices {
            let selected = selection.entries[index]
            if tree.isLive, let hash = contents[index], FileStamp(selected.entry).isRacilyClean(hashedAt: began) {
                unsettled[selected.entry.fileID] = hash
            }
            guard let group = selection.entries[index].linkGroup else { continue }
            if let hash = contents[index] ?? ofGroup[group] {
                contents[index] = hash
                ofGroup[group] = hash
            }
        }
        var encoder = SelectionEncoder(keepsOwners: keepsOwners)
        encoder.begin(selection)
        var attributes: [Int: [ByteString: [UInt8]]] = [:]
        for (index, selected) in selection.entries.enumerated() {
            let found = try encoder.append(selected, contents[index], tree)
            if !found.isEmpty { attributes[index] = found }
        }
        var hashed = HashedSelection(digest: encoder.finish(), contents: contents, unsettled: unsettled)
        hashed.attributes = attributes
        return hashed
    }
}
