import CArchive

/// Owns a reader in C and knows how much went through it.
final class ArchiveHandle {
    let archive: OpaquePointer
    let input: ArchiveInput?
    let limits: ArchiveLimits

    /// What reads the bytes as they are, where a compression is undone in between; its output counts as the reader's
    /// input.
    private let packed: (compression: ArchiveCompression, handle: ArchiveHandle)?

    private init(
        limits: ArchiveLimits,
        input: ArchiveInput?,
        packed: (compression: ArchiveCompression, handle: ArchiveHandle)? = nil
    ) throws(ArchiveError) {
        guard let archive = archive_read_new() else { throw .outOfMemory }
        self.archive = archive
        self.input = input
        self.limits = limits
        self.packed = packed
    }

    deinit {
        archive_read_free(archive)
    }

    /// Opens a source, with the formats that `support` registers.
    ///
    /// The compressions are registered here, and none that would start another program.
    static func open(
        _ source: ArchiveSource,
        compressions: Set<ArchiveCompression>,
        limits: ArchiveLimits,
        support: (OpaquePointer) -> Void
    ) throws(ArchiveError) -> ArchiveHandle {
        let blocks = try RawBlocks(source, limits: limits)
        let found = try ArchiveCompression(prefix: blocks.first(ArchiveCompression.prefixLength))
        let decoder = compressions.contains(found) ? try decoder(of: found, for: blocks) : nil
        var input = ArchiveInput(blocks: { try blocks.next() })
        if let decoder {
            var first: UnsafeRawBufferPointer? = try decoder.first()
            let inner = ArchiveCompression(prefix: first ?? UnsafeRawBufferPointer(start: nil, count: 0))
            if inner == .xz, compressions.contains(.xz) { throw .nestedCompression }
            input = ArchiveInput(blocks: { try first.take() ?? decoder.next() })
        }
        let packed = decoder.map { _ in (compression: found, handle: blocks.handle) }
        let handle = try ArchiveHandle(limits: limits, input: input, packed: packed)
        handle.register(compressions)
        support(handle.archive)
        try handle.check(input.open(handle.archive))
        return handle
    }

    /// Opens a source as bytes that nothing is done to.
    static func openRaw(_ source: ArchiveSource, limits: ArchiveLimits) throws(ArchiveError) -> ArchiveHandle {
        let input: ArchiveInput? =
            switch source {
            case .descriptor: nil
            case .bytes(let bytes): ArchiveInput(ArchiveInput.memory(bytes))
            case .closure(let body): ArchiveInput(body)
            }
        let handle = try ArchiveHandle(limits: limits, input: input)
        archive_read_support_format_raw(handle.archive)
        // Nothing at all is content too.
        archive_read_support_format_empty(handle.archive)
        if case .descriptor(let descriptor) = source {
            try handle.check(archive_read_open_fd(handle.archive, descriptor, 1 << 17))
        } else {
            try handle.check(input?.open(handle.archive) ?? ARCHIVE_FATAL)
        }
        return handle
    }

    /// Opens a plain tar that `input` gives.
    static func openTar(_ input: ArchiveInput, limits: ArchiveLimits) throws(ArchiveError) -> ArchiveHandle {
        let handle = try ArchiveHandle(limits: limits, input: input)
        archive_read_support_format_tar(handle.archive)
        try handle.check(input.open(handle.archive))
        return handle
    }

    /// What undoes a compression before libarchive, which trusts what gzip and xz say of themselves; nil for the others.
    private static func decoder(
        of compression: ArchiveCompression,
        for blocks: RawBlocks
    ) throws(ArchiveError) -> (any StreamDecoder)? {
        switch compression {
        case .gzip: try GzipDecoder { try blocks.next() }
        case .xz: try XZDecoder { try blocks.next() }
        case .none, .bzip2, .zstd: nil
        }
    }

    private func register(_ compressions: Set<ArchiveCompression>) {
        // Inside another compression, to be refused.
        if compressions.contains(.gzip) { archive_read_support_filter_gzip(archive) }
        if compressions.contains(.bzip2) { archive_read_support_filter_bzip2(archive) }
        if compressions.contains(.zstd) { archive_read_support_filter_zstd(archive) }
    }

    /// Judges the outcome of opening.
    private func check(_ code: CInt) throws(ArchiveError) {
        if code < ARCHIVE_WARN {
            if let error = sourceError { throw error }
            let message = message
            throw message == "Unrecognized archive format" ? .notAnArchive : .damaged(message)
        }
        // The source itself counts as a filter.
        if archive_filter_count(archive) > (packed == nil ? 2 : 1) { throw .nestedCompression }
    }

    /// The compression of the source.
    var compression: ArchiveCompression? {
        packed?.compression ?? ArchiveCompression(filterCode: archive_filter_code(archive, 0))
    }

    /// Compares what was read with the limits.
    func checkVolume() throws(ArchiveError) {
        let unpacked = UInt64(clamping: archive_filter_bytes(archive, 0))
        if unpacked > limits.bytes { throw .limitExceeded(.bytes, allowed: limits.bytes) }
        guard unpacked > limits.ratioFloor else { return }
        let read = max(1, UInt64(clamping: archive_filter_bytes(packed?.handle.archive ?? archive, -1)))
        if unpacked / read >= limits.ratio { throw .limitExceeded(.ratio, allowed: limits.ratio) }
    }

    /// The error for a call that failed.
    func failure() -> ArchiveError {
        sourceError ?? .damaged(message)
    }

    /// What the source failed with.
    var sourceError: ArchiveError? {
        input?.failure.map { $0 as? ArchiveError ?? .unreadable("\($0)") }
    }

    /// What the reader says about its last call.
    var message: String {
        archive_error_string(archive).map { String(cString: $0) } ?? "no reason given"
    }

    /// Reads content of the current entry; zero is its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if buffer.isEmpty { return 0 }
        let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
        if count < 0 { throw failure() }
        try checkVolume()
        return count
    }
}
