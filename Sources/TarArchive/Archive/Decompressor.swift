import CArchive

/// Reads the content of a file that may be compressed, whatever it holds.
package final class Decompressor {
    private let handle: ArchiveHandle
    private var isAtEnd = false

    /// Opens a source and recognises its compression among those allowed.
    ///
    /// - Throws: ``ArchiveError``.
    package init(
        _ source: ArchiveSource,
        compressions: Set<ArchiveCompression> = Set(ArchiveCompression.allCases),
        limits: ArchiveLimits = .standard
    ) throws(ArchiveError) {
        handle = try ArchiveHandle.open(source, compressions: compressions, limits: limits, support: Self.support)
        var header: OpaquePointer?
        switch archive_read_next_header(handle.archive, &header) {
        case ARCHIVE_OK, ARCHIVE_WARN: break
        case ARCHIVE_EOF: isAtEnd = true
        default: throw handle.failure()
        }
    }

    /// The compression of the source.
    package var compression: ArchiveCompression {
        handle.compression ?? .none
    }

    /// Reads the next bytes; zero is the end.
    ///
    /// - Throws: ``ArchiveError``, also when the content ends too early or a limit is reached.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if isAtEnd { return 0 }
        let count = try handle.read(into: buffer)
        if count == 0, !buffer.isEmpty {
            isAtEnd = true
            handle.input?.drain()
            if handle.input?.failure != nil { throw handle.failure() }
        }
        return count
    }

    private static func support(_ archive: OpaquePointer) {
        archive_read_support_format_raw(archive)
        // Nothing at all is content too.
        archive_read_support_format_empty(archive)
    }
}
