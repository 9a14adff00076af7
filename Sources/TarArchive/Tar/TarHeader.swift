import ByteStrings

/// The 512 bytes before an entry's content.
///
/// Source: POSIX.1-2024, `pax`, "ustar Interchange Format".
struct TarHeader {
    static let blockSize = 512

    private var bytes: [UInt8]

    /// What all headers have in common.
    private static let template = {
        var bytes = [UInt8](repeating: 0, count: blockSize)
        bytes.replaceSubrange(Field.magic.prefix(5), with: "ustar".utf8)
        bytes.replaceSubrange(Field.version, with: "00".utf8)
        let digits = [Field.mode, Field.uid, Field.gid, Field.size, Field.mtime, Field.devmajor, Field.devminor]
        for index in digits.flatMap({ $0.dropLast() }) { bytes[index] = UInt8(ascii: "0") }
        return bytes
    }()

    /// - Parameters:
    ///   - typeflag: The letter of the kind of entry.
    ///   - permissions: The mode bits.
    init(typeflag: UInt8, permissions: UInt16) {
        bytes = Self.template
        bytes[Field.typeflag.lowerBound] = typeflag
        put(UInt64(permissions), in: Field.mode)
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
        var index = field.upperBound - 2
        while index >= field.lowerBound {
            bytes[index] = UInt8(ascii: "0") + UInt8(rest & 7)
            rest >>= 3
            index -= 1
        }
    }

    /// Writes bytes, as many as there is room for.
    mutating func put(_ text: ArraySlice<UInt8>, in field: Range<Int>) {
        let text = text.prefix(field.count)
        bytes.replaceSubrange(field.lowerBound..<(field.lowerBound + text.count), with: text)
    }

    /// Writes a path whole, if it can be cut in two at a slash where it is too long for one field.
    mutating func put(path: ByteString) -> Bool {
        let path = path.bytes[...]
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

    /// Appends the header with its checksum.
    consuming func seal(into output: inout [UInt8]) {
        for index in Field.checksum { bytes[index] = UInt8(ascii: " ") }
        let sum = bytes.withUnsafeBufferPointer { bytes in
            var sum: UInt64 = 0
            for byte in bytes { sum &+= UInt64(byte) }
            return sum
        }
        // Six digits, a zero byte and a space, as everybody writes it.
        put(sum, in: Field.checksum.dropLast())
        bytes[Field.checksum.upperBound - 2] = 0
        output += bytes
    }
}
