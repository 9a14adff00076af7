import FileModel

/// A file's stamp and hash in the 80 bytes of a cache blob, integers little-endian.
struct FileHashRecord: Hashable, Sendable {
    static let byteCount = 80

    var stamp: FileStamp
    var hash: ContentHash

    init(stamp: FileStamp, hash: ContentHash) {
        self.stamp = stamp
        self.hash = hash
    }

    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        func integer<Value: FixedWidthInteger>(_ place: Int, _ type: Value.Type) -> Value {
            Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + place, as: type))
        }
        stamp = FileStamp(
            file: FileID(device: integer(8, UInt64.self), inode: integer(0, UInt64.self)),
            size: integer(16, UInt64.self),
            modified: Timestamp(seconds: integer(24, Int64.self), nanoseconds: integer(40, UInt32.self)),
            changed: Timestamp(seconds: integer(32, Int64.self), nanoseconds: integer(44, UInt32.self))
        )
        hash = ContentHash(bytes, at: offset + 48)
    }

    /// The file of the record at `offset`, without the rest.
    static func file(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> FileID {
        FileID(
            device: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)),
            inode: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        )
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: stamp.file.inode)
        bytes.append(littleEndian: stamp.file.device)
        bytes.append(littleEndian: stamp.size)
        bytes.append(littleEndian: stamp.modified.seconds)
        bytes.append(littleEndian: stamp.changed.seconds)
        bytes.append(littleEndian: stamp.modified.nanoseconds)
        bytes.append(littleEndian: stamp.changed.nanoseconds)
        hash.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
}

extension FileStamp {
    init(file: FileID, size: UInt64, modified: Timestamp, changed: Timestamp) {
        self.file = file
        self.size = size
        self.modified = modified
        self.changed = changed
    }
}

extension [UInt8] {
    mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
