/// A tar, plain or compressed.
package struct ArchiveFormat: Hashable, Sendable {
    package var compression: ArchiveCompression

    package init(compression: ArchiveCompression) {
        self.compression = compression
    }

    /// Recognises a tar by its first entry; nil when the content is anything else, an empty tar included.
    ///
    /// Reads as much of the source as it takes, which with bzip2 may be close to a MiB.
    package static func detect(_ source: ArchiveSource) -> ArchiveFormat? {
        do throws(ArchiveError) {
            let reader = try ArchiveReader(source)
            guard try reader.next() != nil else { return nil }
            return ArchiveFormat(compression: reader.compression)
        } catch {
            return nil
        }
    }

    /// Recognises a tar by the first bytes of a file.
    package static func detect(prefix: [UInt8]) -> ArchiveFormat? {
        detect(.bytes(prefix))
    }
}
