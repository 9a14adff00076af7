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
        if count == 0, !buffer.isEmpty { try finish() }
        return count
    }

    /// The next bytes, where they stand until the next call; none at the end.
    ///
    /// What comes before damage is given before the damage is reported.
    func nextBlock() throws(ArchiveError) -> UnsafeRawBufferPointer {
        var (block, size, offset) = (UnsafeRawPointer?.none, 0, Int64(0))
        while !isAtEnd {
            let code = archive_read_data_block(handle.archive, &block, &size, &offset)
            if code == ARCHIVE_EOF {
                try finish()
            } else if code < ARCHIVE_WARN {
                throw handle.failure()
            } else {
                try handle.checkVolume()
                if size > 0 { return UnsafeRawBufferPointer(start: block, count: size) }
            }
        }
        return UnsafeRawBufferPointer(start: nil, count: 0)
    }

    private func finish() throws(ArchiveError) {
        isAtEnd = true
        handle.input?.drain()
        if let error = handle.sourceError { throw error }
    }

    private static func support(_ archive: OpaquePointer) {
        archive_read_support_format_raw(archive)
        // Nothing at all is content too.
        archive_read_support_format_empty(archive)
    }
}
