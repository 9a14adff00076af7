import ByteStrings

/// The 512 bytes before an entry's content.
///
/// Source: POSIX.1-2024, `pax`, "ustar Interchange Format".
struct TarHeader {
    static let blockSize = 512

    private(set) var bytes = [UInt8](repeating: 0, count: blockSize)

    /// - Parameters:
    ///   - typeflag: The letter of the kind of entry.
    ///   - permissions: The mode bits.
    init(typeflag: UInt8, permissions: UInt16) {
        bytes[Field.typeflag.lowerBound] = typeflag
        put(UInt64(permissions), in: Field.mode)
        put(0, in: Field.uid)
        put(0, in: Field.gid)
        put(0, in: Field.size)
        put(0, in: Field.mtime)
        put("ustar".utf8, in: Field.magic)
        put("00".utf8, in: Field.version)
        put(0, in: Field.devmajor)
        put(0, in: Field.devminor)
    }

    /// Where each value stands.
    enum Field {
        static let name = 0..<100
        static let mode = 100..<108
        static let uid = 108..<116
        static let gid = 116..<124
        static let size = 124..<136
        static let mtime = 136..<148
        static let checksum = 148..<156
        static let typeflag = 156..<157
        static let linkname = 157..<257
        static let magic = 257..<263
        static let version = 263..<265
        static let devmajor = 329..<337
        static let devminor = 337..<345
        static let prefix = 345..<500
    }

    /// Whether a number fits as octal digits with a zero byte after them.
    static func fits(_ number: UInt64, in field: Range<Int>) -> Bool {
        number >> (3 * UInt64(field.count - 1)) == 0
    }

    /// Writes a number that fits.
    mutating func put(_ number: UInt64, in field: Range<Int>) {
        var rest = number
        for index in field.dropLast().reversed() {
            bytes[index] = UInt8(ascii: "0") + UInt8(rest & 7)
            rest >>= 3
        }
    }

    /// Writes bytes, as many as there is room for.
    mutating func put(_ text: some Sequence<UInt8>, in field: Range<Int>) {
        for (index, byte) in zip(field, text) { bytes[index] = byte }
    }

    /// Writes a path whole, if it can be cut in two at a slash where it is too long for one field.
    mutating func put(path: ByteString) -> Bool {
        if path.count <= Field.name.count {
            put(path, in: Field.name)
            return true
        }
        // The longest prefix that fits, so that one path has one spelling.
        let latest = min(Field.prefix.count, path.count - 2)
        let earliest = path.count - 1 - Field.name.count
        guard earliest <= latest,
            let slash = path[...latest].lastIndex(of: ByteString.slash), slash >= max(earliest, 1)
        else { return false }
        put(path[..<slash], in: Field.prefix)
        put(path[(slash + 1)...], in: Field.name)
        return true
    }

    /// The header with its checksum.
    func sealed() -> [UInt8] {
        var header = self
        for index in Field.checksum { header.bytes[index] = UInt8(ascii: " ") }
        let sum = header.bytes.reduce(UInt64(0)) { $0 + UInt64($1) }
        // Six digits, a zero byte and a space, as everybody writes it.
        header.put(sum, in: Field.checksum.dropLast())
        header.bytes[Field.checksum.upperBound - 2] = 0
        return header.bytes
    }
}
