import ByteStrings
import FileModel

/// Puts what several sources give into one destination, later ones over earlier ones.
struct SelectionMerge {
    private let isSingle: Bool
    private var entries: [SelectedEntry] = []
    private var indices: [ByteString: Int] = [:]
    private var linkGroups = 0

    /// `isSingle` says that there is only one source, whose entries are in order.
    init(isSingle: Bool) {
        self.isSingle = isSingle
    }

    mutating func append(_ new: [SelectedEntry]) throws(ContextError) {
        if isSingle {
            entries = new
            return
        }
        let offset = linkGroups
        for var selected in new {
            if let group = selected.linkGroup {
                selected.linkGroup = group + offset
                linkGroups = max(linkGroups, group + offset + 1)
            }
            let destination = selected.destination
            guard let index = indices[destination] else {
                indices[destination] = entries.count
                entries.append(selected)
                continue
            }
            switch (entries[index].entry.kind == .directory, selected.entry.kind == .directory) {
            case (true, false): throw .fileOntoDirectory(destination)
            case (false, true): throw .directoryOntoFile(destination)
            default: entries[index] = selected
            }
        }
    }

    /// The entries in the order of a walk, their link groups numbered anew.
    consuming func finish() -> [SelectedEntry] {
        if !isSingle { sort() }
        var members: [Int: Int] = [:]
        for entry in entries { if let group = entry.linkGroup { members[group, default: 0] += 1 } }
        if members.isEmpty { return entries }
        var numbers: [Int: Int] = [:]
        for index in entries.indices {
            guard let group = entries[index].linkGroup else { continue }
            if members[group] == 1 {
                entries[index].linkGroup = nil
            } else {
                let number = numbers[group] ?? numbers.count
                numbers[group] = number
                entries[index].linkGroup = number
            }
        }
        return entries
    }

    private mutating func sort() {
        let destinations = entries.map(\.destination)
        let order = entries.indices.sorted { Self.isOrdered(destinations[$0], destinations[$1]) }
        entries = order.map { entries[$0] }
    }

    /// Whether a walk comes to `left` before `right`: a slash is less than any byte of a name.
    private static func isOrdered(_ left: ByteString, _ right: ByteString) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes) { left, right in
            left != right && (left == ByteString.slash || right != ByteString.slash && left < right)
        }
    }
}
