package import FileModel
import Synchronization

/// The hashes of files that need not be read again: those with the device, inode, size and times of last time.
///
/// Lookups and records may come from several threads. A blob that is damaged or of another version is an empty cache.
package final class FileHashCache: Sendable {
    private struct State {
        var table: FileHashTable
        var isUsed: [Bool]
        var usedCount = 0
        var added: [FileID: FileHashRecord] = [:]

        mutating func hash(of stamp: FileStamp) -> ContentHash? {
            if !stamp.file.isOfFileSystem { return nil }
            if let record = added[stamp.file] { return record.stamp == stamp ? record.hash : nil }
            guard let index = table.index(of: stamp.file) else { return nil }
            let record = table[index]
            guard record.stamp == stamp else { return nil }
            if !isUsed[index] {
                isUsed[index] = true
                usedCount += 1
            }
            return record.hash
        }
    }

    private let state: Mutex<State>
    private let now: Timestamp

    /// Takes over what ``encoded()`` gave, or nothing.
    ///
    /// `now` is the time from which on files are hashed: what was written less than two seconds before is not recorded,
    /// since it can be written again without getting other times.
    package init(blob: [UInt8]? = nil, now: Timestamp) {
        let table = FileHashTable(blob: blob)
        state = Mutex(State(table: table, isUsed: [Bool](repeating: false, count: table.count)))
        self.now = now
    }

    /// How many files are known.
    package var count: Int {
        state.withLock { $0.table.count + $0.added.count }
    }

    /// The hash of the file with this entry, or nil when it must be read.
    package func hash(of entry: TreeEntry) -> ContentHash? {
        state.withLock { $0.hash(of: FileStamp(entry)) }
    }

    /// The hashes of those of `entries` that are regular files and known, at the same indices.
    package func hashes(of entries: [SelectedEntry]) -> [ContentHash?] {
        state.withLock { state in
            var hashes = [ContentHash?](repeating: nil, count: entries.count)
            for index in entries.indices where entries[index].entry.kind == .regular {
                hashes[index] = state.hash(of: FileStamp(entries[index].entry))
            }
            return hashes
        }
    }

    /// Remembers the hash of a file whose entry was the same before and after it was read.
    package func record(_ hash: ContentHash, for entry: TreeEntry) {
        let stamp = FileStamp(entry)
        if stamp.isRacilyClean(hashedAt: now) || !stamp.file.isOfFileSystem { return }
        state.withLock { $0.added[stamp.file] = FileHashRecord(stamp: stamp, hash: hash) }
    }

    /// The cache as bytes to keep, or nil when nothing has been added.
    ///
    /// Files nobody asked for are forgotten once they are more than those somebody asked for, and more than 4096.
    package func encoded() -> [UInt8]? {
        state.withLock { state in
            if state.added.isEmpty { return nil }
            let kept = max(4096, 2 * (state.usedCount + state.added.count))
            let keepsUnused = state.table.count + state.added.count <= kept
            var records = Array(state.added.values)
            for index in 0..<state.table.count where keepsUnused || state.isUsed[index] {
                let record = state.table[index]
                if state.added[record.stamp.file] == nil { records.append(record) }
            }
            return FileHashTable.encode(records)
        }
    }
}
