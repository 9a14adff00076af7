import ByteStrings
import FileModel

/// Turns an entry into its blocks: an extended header where one is needed, then the plain one.
enum TarEntryEncoder {
    private typealias Field = TarHeader.Field

    /// Appends the blocks to `output`, which is as it was when this throws.
    static func encode(_ entry: TarEntry, into output: inout [UInt8]) throws(TarError) {
        let path = try writtenPath(entry)
        var header = TarHeader(typeflag: typeflag(entry.kind), permissions: entry.attributes.permissions)
        var records = PAXRecords()

        if !header.put(path: path) {
            // A reader that knows no extended headers gets as much of the name as there is room for.
            header.put(path.bytes[...], in: Field.name)
            records.set(name: "path", path)
        }
        try encodeLink(entry, &header, &records)
        try encodeNumbers(entry, &header, &records)
        for (name, value) in entry.attributes.extendedAttributes {
            guard !name.isEmpty, !name.contains(UInt8(ascii: "=")), !name.contains(0) else {
                throw .unrepresentable(entry.path, field: "extended attribute `\(name)`")
            }
            records.set(ByteString("SCHILY.xattr.") + name, value)
        }
        if !records.isEmpty { appendExtendedHeader(records, to: &output) }
        header.seal(into: &output)
    }

    /// How many zero bytes fill the last block of content.
    static func padding(after size: UInt64) -> Int {
        let rest = Int(size % UInt64(TarHeader.blockSize))
        return rest == 0 ? 0 : TarHeader.blockSize - rest
    }

    private static func writtenPath(_ entry: TarEntry) throws(TarError) -> ByteString {
        let path = entry.path
        if path.isEmpty, entry.kind == .directory { return "./" }
        guard !path.isEmpty, !path.isAbsolutePath, path.last != ByteString.slash, !path.contains(0) else {
            throw .badPath(path)
        }
        return entry.kind == .directory ? ByteString(path.bytes + [ByteString.slash]) : path
    }

    private static func encodeLink(
        _ entry: TarEntry,
        _ header: inout TarHeader,
        _ records: inout PAXRecords
    ) throws(TarError) {
        guard entry.kind == .hardLink || entry.kind == .symbolicLink else { return }
        let target = entry.linkTarget
        guard !target.isEmpty, !target.contains(0) else { throw .badLinkTarget(entry.path) }
        header.put(target.bytes[...], in: Field.linkname)
        if target.count > Field.linkname.count { records.set(name: "linkpath", target) }
    }

    private static func encodeNumbers(
        _ entry: TarEntry,
        _ header: inout TarHeader,
        _ records: inout PAXRecords
    ) throws(TarError) {
        let size = entry.kind == .regular ? entry.size : 0
        put(size, in: Field.size, orAs: "size", &header, &records)
        put(UInt64(entry.attributes.owner), in: Field.uid, orAs: "uid", &header, &records)
        put(UInt64(entry.attributes.group), in: Field.gid, orAs: "gid", &header, &records)

        let modified = entry.attributes.modified
        guard modified.nanoseconds < 1_000_000_000 else {
            throw .unrepresentable(entry.path, field: "modification time")
        }
        let seconds = UInt64(exactly: modified.seconds)
        if let seconds, TarHeader.fits(seconds, in: Field.mtime) { header.put(seconds, in: Field.mtime) }
        if seconds.map({ !TarHeader.fits($0, in: Field.mtime) }) ?? true || modified.nanoseconds > 0 {
            records.set(modified: modified)
        }

        guard entry.kind == .characterDevice || entry.kind == .blockDevice else { return }
        let (major, minor) = (UInt64(entry.device.major), UInt64(entry.device.minor))
        guard TarHeader.fits(major, in: Field.devmajor), TarHeader.fits(minor, in: Field.devminor) else {
            throw .unrepresentable(entry.path, field: "device number")
        }
        header.put(major, in: Field.devmajor)
        header.put(minor, in: Field.devminor)
    }

    private static func put(
        _ number: UInt64,
        in field: Range<Int>,
        orAs key: StaticString,
        _ header: inout TarHeader,
        _ records: inout PAXRecords
    ) {
        if number == 0 { return }
        if TarHeader.fits(number, in: field) {
            header.put(number, in: field)
        } else {
            records.set(ByteString("\(key)"), Array(String(number).utf8))
        }
    }

    private static let extendedHeaderName = Array("PaxHeaders.0/entry".utf8)

    private static func appendExtendedHeader(_ records: PAXRecords, to output: inout [UInt8]) {
        let body = records.encoded()
        var header = TarHeader(typeflag: UInt8(ascii: "x"), permissions: 0o644)
        header.put(extendedHeaderName[...], in: Field.name)
        header.put(UInt64(body.count), in: Field.size)
        header.seal(into: &output)
        output += body
        output += repeatElement(0, count: padding(after: UInt64(body.count)))
    }

    private static func typeflag(_ kind: TarEntryKind) -> UInt8 {
        switch kind {
        case .regular: UInt8(ascii: "0")
        case .hardLink: UInt8(ascii: "1")
        case .symbolicLink: UInt8(ascii: "2")
        case .characterDevice: UInt8(ascii: "3")
        case .blockDevice: UInt8(ascii: "4")
        case .directory: UInt8(ascii: "5")
        case .fifo: UInt8(ascii: "6")
        }
    }
}
