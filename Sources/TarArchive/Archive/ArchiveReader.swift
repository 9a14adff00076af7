import ByteStrings
import CArchive

/// Reads the entries of a tar that may be compressed, without trusting it.
///
/// Names and link targets are the bytes of the archive: whoever makes files of them must keep them inside a root.
/// Not to be used from several threads at once.
package final class ArchiveReader {
    private let handle: ArchiveHandle
    private let decompressor: Decompressor?
    private let tap: HeaderTap
    private let limits: ArchiveLimits
    private var entryCount: UInt64 = 0
    private var contentBytes: UInt64 = 0
    private var hasContent = false
    private var isAtEnd = false

    /// Opens a source and recognises its compression among those allowed.
    ///
    /// - Throws: ``ArchiveError``, ``ArchiveError/notAnArchive`` for what is no tar.
    package init(
        _ source: ArchiveSource,
        compressions: Set<ArchiveCompression> = Set(ArchiveCompression.allCases),
        limits: ArchiveLimits = .standard
    ) throws(ArchiveError) {
        self.limits = limits
        let tap = HeaderTap()
        self.tap = tap
        let input: ArchiveInput
        if compressions == [.none], case .closure(let body) = source {
            decompressor = nil
            input = ArchiveInput { buffer in
                let count = try body(buffer)
                tap.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                return count
            }
        } else {
            let decompressor = try Decompressor(source, compressions: compressions, limits: limits)
            self.decompressor = decompressor
            input = ArchiveInput(blocks: {
                let bytes = try decompressor.nextBlock()
                tap.take(bytes)
                return bytes
            })
        }
        handle = try ArchiveHandle.openTar(input, limits: limits)
    }

    /// The compression of the source.
    package var compression: ArchiveCompression {
        decompressor?.compression ?? .none
    }

    /// Goes to the next entry, past what is left of the current one; nil is the end.
    ///
    /// - Throws: ``ArchiveError``. The reader cannot be used after that.
    package func next() throws(ArchiveError) -> TarEntry? {
        if isAtEnd { return nil }
        try skipContent()
        var header: OpaquePointer?
        let code = archive_read_next_header(handle.archive, &header)
        if code == ARCHIVE_EOF {
            isAtEnd = true
            // What is compressed may have a checksum behind its last entry.
            if compression != .none { try drainSource() }
            return nil
        }
        guard code == ARCHIVE_OK || (code == ARCHIVE_WARN && isAboutCharacters), let header else {
            throw handle.failure()
        }
        try handle.checkVolume()
        entryCount += 1
        if entryCount > limits.entries { throw .limitExceeded(.entries, allowed: limits.entries) }

        let note = tap.note(at: UInt64(clamping: archive_read_header_position(handle.archive)))
        let entry = try EntryDecoder(limits: limits).decode(header, note)
        hasContent = true
        let (total, overflow) = contentBytes.addingReportingOverflow(entry.size)
        if overflow || total > limits.bytes { throw .limitExceeded(.bytes, allowed: limits.bytes) }
        contentBytes = total
        return entry
    }

    /// Reads the next bytes of the current entry; zero is its end.
    ///
    /// The holes of sparse files are zeros.
    ///
    /// - Throws: ``ArchiveError``.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        guard hasContent else { return 0 }
        let count = try handle.read(into: buffer)
        if count == 0, !buffer.isEmpty { hasContent = false }
        return count
    }

    /// Reads the rest of the current entry into memory.
    ///
    /// - Throws: ``ArchiveError``, with ``ArchiveLimit/bytes`` when there is more than `limit`.
    package func readAll(limit: Int) throws(ArchiveError) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // The closure cannot say that it throws nothing else.
            let outcome = chunk.withUnsafeMutableBytes { buffer in
                Result { () throws(ArchiveError) in try self.read(into: buffer) }
            }
            let count = try outcome.get()
            if count == 0 { return content }
            if count > limit - content.count { throw .limitExceeded(.bytes, allowed: UInt64(clamping: limit)) }
            content += chunk[..<count]
        }
    }

    /// Reads the source to its end, so that a digest taken on the way covers what stands after the last entry too.
    ///
    /// - Throws: ``ArchiveError``.
    package func drainSource() throws(ArchiveError) {
        handle.input?.drain()
        if let error = handle.sourceError { throw error }
    }

    /// Skips in small steps: left to itself the reader would unpack a whole bomb before it returns.
    private func skipContent() throws(ArchiveError) {
        guard hasContent else { return }
        hasContent = false
        var block: UnsafeRawPointer?
        var size = 0
        var offset: Int64 = 0
        while true {
            switch archive_read_data_block(handle.archive, &block, &size, &offset) {
            case ARCHIVE_EOF: return
            case ARCHIVE_OK, ARCHIVE_WARN: try handle.checkVolume()
            default: throw handle.failure()
            }
        }
    }

    /// Whether the warning is that a name is not of the locale's characters, for then it is given as it is.
    private var isAboutCharacters: Bool {
        handle.message.split(separator: " ").contains("converted")
    }
}
