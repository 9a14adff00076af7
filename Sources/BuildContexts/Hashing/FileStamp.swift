import FileModel

/// What tells a file that has not been written to since from one that may have been.
struct FileStamp: Hashable, Sendable {
    var file: FileID
    var size: UInt64
    var modified: Timestamp
    var changed: Timestamp

    init(_ entry: TreeEntry) {
        file = entry.fileID
        size = entry.size
        modified = entry.modified
        changed = entry.changed
    }

    /// Whether a write after `time` could leave the stamp as it is.
    ///
    /// The clock of a file system ticks slower than that of the processor, for FAT every two seconds. A file written
    /// less than that before it was hashed can be written again without getting other times.
    func isRacilyClean(hashedAt time: Timestamp) -> Bool {
        let seconds = time.seconds.subtractingReportingOverflow(2).partialValue
        let trusted = Timestamp(seconds: seconds, nanoseconds: time.nanoseconds)
        return modified >= trusted || changed >= trusted
    }
}
