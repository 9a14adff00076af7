import CArchive

/// The bytes of a source as they are, block by block.
final class RawBlocks {
    let handle: ArchiveHandle
    private var isAtEnd = false

    /// The block that was looked at ahead of time.
    private var pending: UnsafeRawBufferPointer?

    /// Holds that block where the source gives it in small pieces.
    private var joined: UnsafeMutableRawBufferPointer?

    init(_ source: ArchiveSource, limits: ArchiveLimits) throws(ArchiveError) {
        // The limits are for what comes out in the end.
        handle = try ArchiveHandle.openRaw(source, limits: limits)
        var header: OpaquePointer?
        switch archive_read_next_header(handle.archive, &header) {
        case ARCHIVE_OK, ARCHIVE_WARN: break
        case ARCHIVE_EOF: isAtEnd = true
        default: throw handle.failure()
        }
    }

    deinit {
        joined?.deallocate()
    }

    /// The first bytes, which the next call of ``next()`` gives again: at least `count`, unless there are fewer.
    func first(_ count: Int) throws(ArchiveError) -> UnsafeRawBufferPointer {
        var block = try read()
        if block.count < count, !block.isEmpty {
            var bytes = Array(block)
            while bytes.count < count, case let next = try read(), !next.isEmpty { bytes += next }
            let joined = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
            joined.copyBytes(from: bytes)
            self.joined = joined
            block = UnsafeRawBufferPointer(joined)
        }
        pending = block
        return block
    }

    /// The next block, where it stands until the next call; none at the end.
    func next() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if let block = pending.take() { return block }
        return try read()
    }

    private func read() throws(ArchiveError) -> UnsafeRawBufferPointer {
        var (block, size, offset) = (UnsafeRawPointer?.none, 0, Int64(0))
        while !isAtEnd {
            let code = archive_read_data_block(handle.archive, &block, &size, &offset)
            if code == ARCHIVE_EOF {
                isAtEnd = true
            } else if code < ARCHIVE_WARN {
                throw handle.failure()
            } else if size > 0 {
                return UnsafeRawBufferPointer(start: block, count: size)
            }
        }
        return UnsafeRawBufferPointer(start: nil, count: 0)
    }
}
