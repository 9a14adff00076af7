import ByteStrings

/// Writes a tar whose bytes follow from the entries alone.
///
/// A digest stands for these bytes, so they never change: plain headers where everything fits, else extended headers
/// with sorted records; no names of users and groups; two empty blocks at the end.
/// Source: POSIX.1-2024, `pax`; `SCHILY.xattr` records as `star(5)` has them.
package struct TarWriter<Sink: ByteSink> {
    /// Where the bytes go.
    package private(set) var sink: Sink

    /// How many bytes were written so far.
    package private(set) var byteCount: UInt64 = 0

    private var current: ByteString = ""
    private var remaining: UInt64 = 0
    private var padding = 0
    private var isFinished = false

    /// The end of an entry and the beginning of the next, which are written together.
    private var blocks: [UInt8] = []

    package init(_ sink: Sink) {
        self.sink = sink
    }

    /// Begins an entry; a regular file's content must follow.
    ///
    /// - Throws: ``TarError``, or what the sink throws.
    package mutating func append(_ entry: TarEntry) throws {
        try endEntry()
        try TarEntryEncoder.encode(entry, into: &blocks)
        try putBlocks()
        guard entry.kind == .regular else { return }
        current = entry.path
        remaining = entry.size
        padding = TarEntryEncoder.padding(after: entry.size)
    }

    /// Writes the next piece of a regular file's content, without copying it.
    ///
    /// - Throws: ``TarError/contentTooLong(_:)``, or what the sink throws.
    package mutating func write(content chunk: UnsafeRawBufferPointer) throws {
        guard UInt64(chunk.count) <= remaining else { throw TarError.contentTooLong(current) }
        if chunk.isEmpty { return }
        try sink.write(chunk)
        byteCount += UInt64(chunk.count)
        remaining -= UInt64(chunk.count)
    }

    /// Writes the next piece of a regular file's content.
    package mutating func write(content chunk: [UInt8]) throws {
        try chunk.withUnsafeBytes { try write(content: $0) }
    }

    /// Writes the end of the archive.
    ///
    /// - Throws: ``TarError``, or what the sink throws.
    package mutating func finish() throws {
        try endEntry()
        isFinished = true
        blocks += repeatElement(0, count: 2 * TarHeader.blockSize)
        try putBlocks()
    }

    private mutating func endEntry() throws {
        if isFinished { throw TarError.finished }
        if remaining > 0 { throw TarError.contentMissing(current, remaining) }
        blocks += repeatElement(0, count: padding)
        padding = 0
    }

    private mutating func putBlocks() throws {
        byteCount += UInt64(blocks.count)
        try blocks.withUnsafeBytes { try sink.write($0) }
        blocks.removeAll(keepingCapacity: true)
    }
}
