import ByteStrings
import FileModel

/// Collects what a directory gives to a copy, while a tree walks through it.
struct SourceWalk {
    private struct Level {
        var path: ByteString
        var excluded: IgnoreMatcher.Scope
        var included: IgnoreMatcher.Scope?

        /// The directory itself while nothing below it has been taken.
        var untaken: SelectedEntry?
    }

    private(set) var entries: [SelectedEntry] = []
    private let excluded: IgnoreMatcher
    private let included: IgnoreMatcher?
    private let prefixLength: Int
    private var levels: [Level]

    /// The directories on the way to the last entry; nil stands for the root.
    private var folders = PathTrail<SharedFolder?>(root: nil)

    /// The first name of each file that has several.
    private var firstNames: [FileID: Int] = [:]
    private var linkGroups = 0

    init(_ source: SelectionSource, excluded: IgnoreMatcher) {
        self.excluded = excluded
        included = source.included
        prefixLength = source.path.isEmpty ? 0 : source.path.count + 1
        levels = [Level(path: "", excluded: excluded.rootScope, included: source.included?.rootScope)]
    }

    mutating func visit(_ found: WalkedEntry) -> WalkDecision {
        let selected = SelectedEntry(place(found.path), from: prefixLength, entry: found.entry)
        if excluded.patterns.isEmpty, included == nil {
            take(selected)
            return .descend
        }
        let path = prefixLength == 0 ? found.path : ByteString(found.path.bytes[prefixLength...])
        while levels.count > 1, let level = levels.last, !Self.is(path, below: level.path) { levels.removeLast() }
        return found.entry.kind == .directory ? visitDirectory(selected, path) : visitFile(selected, path)
    }

    private mutating func place(_ path: ByteString) -> SharedPath {
        let (folder, name) = path.folderAndName
        if let known = folders.value(at: folder) { return SharedPath(name, in: known) }
        let shared = folders.follow(folder) { parent, name, _ in
            .some(parent.map { SharedFolder(name, in: $0) } ?? SharedFolder(path: name))
        }
        return SharedPath(name, in: shared ?? nil)
    }

    private mutating func visitFile(_ selected: SelectedEntry, _ path: ByteString) -> WalkDecision {
        let level = levels[levels.count - 1]
        let isTaken = path.bytes.withUnsafeBufferPointer { path in
            if excluded.ignores(path, in: level.excluded) { return false }
            guard let included, let scope = level.included else { return true }
            return included.ignores(path, in: scope)
        }
        if isTaken { takeWithParents(selected) }
        return .skip
    }

    private mutating func visitDirectory(_ selected: SelectedEntry, _ relative: ByteString) -> WalkDecision {
        let parent = levels[levels.count - 1]
        let folder = relative.bytes + [ByteString.slash]
        let (level, isTaken, mayTakeBelow) = folder.withUnsafeBufferPointer { folder in
            let path = UnsafeBufferPointer(rebasing: folder.dropLast())
            let level = Level(
                path: relative,
                excluded: excluded.scope(of: path, in: parent.excluded),
                included: parent.included.flatMap { included?.scope(of: path, in: $0) }
            )
            let isExcluded = excluded.ignores(level.excluded)
            let isIncluded = level.included.flatMap { included?.ignores($0) } ?? true
            let mayTakeBelow =
                (!isExcluded || excluded.mayKeep(below: folder, in: level.excluded))
                && (isIncluded || included?.mayMatch(below: folder) ?? true)
            return (level, isIncluded && !isExcluded, mayTakeBelow)
        }
        if isTaken { takeWithParents(selected) }
        guard mayTakeBelow else { return .skip }
        levels.append(level)
        if !isTaken { levels[levels.count - 1].untaken = selected }
        return .descend
    }

    private mutating func takeWithParents(_ selected: SelectedEntry) {
        for index in levels.indices {
            guard let parent = levels[index].untaken else { continue }
            levels[index].untaken = nil
            take(parent)
        }
        take(selected)
    }

    private mutating func take(_ selected: SelectedEntry) {
        var selected = selected
        if selected.entry.kind == .regular, selected.entry.linkCount > 1 {
            if let first = firstNames[selected.entry.fileID] {
                let group = entries[first].linkGroup ?? linkGroups
                if group == linkGroups { linkGroups += 1 }
                entries[first].linkGroup = group
                selected.linkGroup = group
            } else {
                firstNames[selected.entry.fileID] = entries.count
            }
        }
        entries.append(selected)
    }

    private static func `is`(_ path: ByteString, below folder: ByteString) -> Bool {
        path.count > folder.count && path.bytes[folder.count] == ByteString.slash
            && path.bytes.starts(with: folder.bytes)
    }
}
