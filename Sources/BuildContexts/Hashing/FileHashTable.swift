import OCIModel

/// The records of a cache blob, found by file without being decoded.
///
/// A blob is `slipway.stat 1\n`, the sha256 of what follows, and the records in ascending order of inode and device.
struct FileHashTable: Sendable {
    private static let magic = Array("slipway.stat 1\n\0".utf8)
    private static let headerLength = magic.count + ContentHash.byteCount

    private let blob: [UInt8]

    /// The number of records.
    let count: Int

    /// Open addressing: a slot holds the number of a record and one, or zero.
    private let slots: [UInt32]

    /// The table of a blob; empty when there is none, or it is damaged or of another version.
    init(blob: [UInt8]?) {
        let count = blob.flatMap(Self.recordCount) ?? 0
        self.blob = count == 0 ? [] : blob ?? []
        self.count = count
        slots = self.blob.withUnsafeBytes { Self.makeSlots($0, count) }
    }

    subscript(index: Int) -> FileHashRecord {
        blob.withUnsafeBytes { FileHashRecord($0, at: Self.offset(index)) }
    }

    /// The index of the record of a file.
    func index(of file: FileID) -> Int? {
        if count == 0 { return nil }
        return blob.withUnsafeBytes { bytes in
            var slot = Self.firstSlot(file, slots.count)
            while slots[slot] != 0 {
                let index = Int(slots[slot]) - 1
                if FileHashRecord.file(bytes, at: Self.offset(index)) == file { return index }
                slot = (slot + 1) & (slots.count - 1)
            }
            return nil
        }
    }

    static func encode(_ records: [FileHashRecord]) -> [UInt8] {
        let sorted = records.sorted { left, right in
            (left.stamp.file.inode, left.stamp.file.device) < (right.stamp.file.inode, right.stamp.file.device)
        }
        var body: [UInt8] = []
        body.reserveCapacity(sorted.count * FileHashRecord.byteCount)
        for record in sorted { record.append(to: &body) }
        return magic + body.withUnsafeBytes { ContentHash(hashing: $0) }.bytes + body
    }

    private static func offset(_ index: Int) -> Int {
        headerLength + index * FileHashRecord.byteCount
    }

    private static func recordCount(_ blob: [UInt8]) -> Int? {
        let length = blob.count - headerLength
        guard length >= 0, length.isMultiple(of: FileHashRecord.byteCount), blob.starts(with: magic) else { return nil }
        let isWhole = blob.withUnsafeBytes { bytes in
            let body = UnsafeRawBufferPointer(rebasing: bytes[headerLength...])
            return ContentHash(bytes, at: magic.count) == ContentHash(hashing: body)
        }
        let count = length / FileHashRecord.byteCount
        return isWhole && UInt32(exactly: count) != nil ? count : nil
    }

    private static func makeSlots(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> [UInt32] {
        if count == 0 { return [] }
        var capacity = 1
        while capacity < 2 * count { capacity *= 2 }
        var slots = [UInt32](repeating: 0, count: capacity)
        for index in 0..<count {
            var slot = firstSlot(FileHashRecord.file(bytes, at: offset(index)), capacity)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = UInt32(index) + 1
        }
        return slots
    }

    private static func firstSlot(_ file: FileID, _ capacity: Int) -> Int {
        // Fibonacci hashing: inodes are often handed out one after the other.
        let mixed = (file.inode ^ (file.device &<< 48)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 20) & (capacity - 1)
    }
}
