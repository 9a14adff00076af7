import ByteStrings
import FileModel

/// Turns an entry into its blocks: an extended header where one is needed, then the plain one.
enum TarEntryEncoder {
    private typealias Field = TarHeader.Field

    static func encode(_ entry: TarEntry) throws(TarError) -> [UInt8] {
        let path = try writtenPath(entry)
        var header = TarHeader(typeflag: typeflag(entry.kind), permissions: entry.attributes.permissions)
        var records = PAXRecords()

        if !header.put(path: path) {
            // A reader that knows no extended headers gets as much of the name as there is room for.
            header.put(path, in: Field.name)
            records.set(name: "path", path)
        }
        try encodeLink(entry, &header, &records)
        try encodeNumbers(entry, &header, &records)
        for (name, value) in entry.attributes.extendedAttributes {
            guard !name.isEmpty, !name.contains(UInt8(ascii: "=")), !name.contains(0) else {
                throw .unrepresentable(entry.path, field: "extended attribute `\(name)`")
            }
            records.set(ByteString("SCHILY.xattr.".utf8 + name.bytes), value)
        }
        return (records.isEmpty ? [] : extendedHeader(records.encoded())) + header.sealed()
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
        header.put(target, in: Field.linkname)
        if target.count > Field.linkname.count { records.set(name: "linkpath", target) }
    }

    private static func encodeNumbers(
        _ entry: TarEntry,
        _ header: inout TarHeader,
        _ records: inout PAXRecords
    ) throws(TarError) {
        let size = entry.kind == .regular ? entry.size : 0
        let fields: [(key: ByteString, number: UInt64, field: Range<Int>)] = [
            ("size", size, Field.size), ("uid", UInt64(entry.attributes.owner), Field.uid),
            ("gid", UInt64(entry.attributes.group), Field.gid),
        ]
        for (key, number, field) in fields {
            if TarHeader.fits(number, in: field) {
                header.put(number, in: field)
            } else {
                records.set(key, String(number).utf8)
            }
        }

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

    private static func extendedHeader(_ records: [UInt8]) -> [UInt8] {
        var header = TarHeader(typeflag: UInt8(ascii: "x"), permissions: 0o644)
        header.put("PaxHeaders.0/entry".utf8, in: Field.name)
        header.put(UInt64(records.count), in: Field.size)
        return header.sealed() + records + [UInt8](repeating: 0, count: padding(after: UInt64(records.count)))
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
