/// Finds sections in a 64-bit little-endian ELF file.
///
/// Source: `elf(5)`.
enum ELFImage {
    /// Where a section lies in the file, in bytes.
    struct Section: Hashable, Sendable {
        var offset: UInt64
        var size: UInt64
    }

    /// The most sections and the longest table of names that a program of ours has.
    private static let limits = (sections: UInt64(4096), names: UInt64(1 << 20))

    /// The section of this name, or nil when the file is of another kind, damaged, or has none.
    ///
    /// `read` gives bytes of the file; fewer than asked for mean its end.
    static func section<Failure: Error>(
        named name: String,
        read: (_ offset: UInt64, _ count: Int) throws(Failure) -> [UInt8]
    ) throws(Failure) -> Section? {
        let header = try read(0, 64)
        guard header.count == 64, header.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return nil }
        let table = integer(header, at: 0x28, bytes: 8)
        let entrySize = integer(header, at: 0x3A, bytes: 2)
        let count = integer(header, at: 0x3C, bytes: 2)
        let namesIndex = integer(header, at: 0x3E, bytes: 2)
        guard entrySize == 64, count <= limits.sections, namesIndex < count else { return nil }
        let entries = try read(table, Int(count) * 64)
        guard entries.count == Int(count) * 64 else { return nil }
        let names = section(entries, Int(namesIndex))
        guard names.size <= limits.names else { return nil }
        let texts = try read(names.offset, Int(names.size))
        for index in 0..<Int(count) {
            let start = Int(integer(entries, at: index * 64, bytes: 4))
            guard start < texts.count, texts[start...].prefix(while: { $0 != 0 }).elementsEqual(name.utf8) else {
                continue
            }
            return section(entries, index)
        }
        return nil
    }

    private static func section(_ entries: [UInt8], _ index: Int) -> Section {
        Section(
            offset: integer(entries, at: index * 64 + 0x18, bytes: 8),
            size: integer(entries, at: index * 64 + 0x20, bytes: 8)
        )
    }

    private static func integer(_ bytes: [UInt8], at offset: Int, bytes count: Int) -> UInt64 {
        bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
