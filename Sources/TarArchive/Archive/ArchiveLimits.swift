/// How much an archive may ask of its reader.
///
/// Archives come from strangers, and a short one can unpack to more than any disk holds.
package struct ArchiveLimits: Hashable, Sendable {
    package var entries: UInt64 = 10_000_000

    /// Bytes after decompression, and bytes of all files together, in which the holes of sparse files count too.
    package var bytes: UInt64 = 1 << 40

    /// Bytes of a name or of a link's target.
    package var pathLength: UInt64 = 1 << 18
    package var attributeCount: UInt64 = 16384
    package var attributeBytes: UInt64 = 1 << 20

    /// How many times larger than its compressed form the content may be, once it is larger than ``ratioFloor``.
    ///
    /// Gzip alone never reaches 1,032.
    package var ratio: UInt64 = 2000

    /// Bytes after decompression below which the ratio does not matter.
    package var ratioFloor: UInt64 = 1 << 31

    package init() {}

    /// The limits for archives of any origin.
    package static let standard = ArchiveLimits()
}
