import CArchive

/// The compressions that are read.
package enum ArchiveCompression: String, Hashable, Sendable, CaseIterable {
    case none, gzip, bzip2, xz, zstd

    /// So many first bytes tell compressions apart.
    static let prefixLength = 6

    /// Recognises the first bytes of compressed content; anything else is ``none``.
    package init(prefix: some Sequence<UInt8>) {
        let bytes = Array(prefix.prefix(Self.prefixLength))
        let found = Self.magics.first { bytes.starts(with: $0.magic) }
        self = found?.compression ?? .none
    }

    /// What libarchive undoes itself.
    init?(filterCode: CInt) {
        switch filterCode {
        case ARCHIVE_FILTER_NONE: self = .none
        case ARCHIVE_FILTER_BZIP2: self = .bzip2
        case ARCHIVE_FILTER_ZSTD: self = .zstd
        default: return nil
        }
    }

    private static let magics: [(magic: [UInt8], compression: ArchiveCompression)] = [
        ([0x1F, 0x8B, 0x08], .gzip), ([0x42, 0x5A, 0x68], .bzip2), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz),
        ([0x28, 0xB5, 0x2F, 0xFD], .zstd),
    ]
}
