import Dispatch

/// Compresses to gzip on several processors at once.
///
/// The content is cut every MiB and each block becomes members of its own, so the bytes follow from the content alone:
/// not from the number of workers, the processor's model or the sizes of the writes. There is no name and no time in them.
/// At most twice as many blocks as workers are in memory. Not to be called from several threads at once.
package final class ParallelGzip: StreamEncoder {
    private let workers: Int
    private let output: (UnsafeRawBufferPointer) throws -> Void
    private let queue = DispatchQueue.global()

    private var content: [UInt8] = []
    private var pending: [GzipBlock] = []
    private var hasMembers = false
    private var hasEnded = false

    /// Makes a compressor.
    ///
    /// `output` gets the compressed bytes in order, on the thread that calls ``write(_:)`` or ``finish()``.
    package init(workers: Int, output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.workers = max(1, workers)
        self.output = output
    }

    /// Takes some more bytes.
    ///
    /// - Throws: What the output throws, or ``CompressionError``.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        if hasEnded { throw CompressionError.finished }
        var rest = bytes[...]
        while !rest.isEmpty {
            if content.isEmpty { content.reserveCapacity(BlockCompressor.contentSize) }
            let piece = rest.prefix(BlockCompressor.contentSize - content.count)
            content.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece))
            rest = rest.dropFirst(piece.count)
            if content.count == BlockCompressor.contentSize { try submit() }
        }
    }

    /// Waits for all blocks and writes them.
    ///
    /// - Throws: What the output throws, or ``CompressionError``.
    package func finish() throws {
        if hasEnded { throw CompressionError.finished }
        // No content at all is one member too: an empty file is not gzip.
        if !content.isEmpty || !hasMembers { try submit() }
        while !pending.isEmpty { try writeOldest() }
        hasEnded = true
    }

    private func submit() throws {
        let block = GzipBlock(content)
        content = []
        hasMembers = true
        pending.append(block)
        if workers > 1 { queue.async { block.run() } }
        if pending.count >= (workers > 1 ? workers * 2 : 1) { try writeOldest() }
    }

    private func writeOldest() throws {
        do {
            let members = try pending.removeFirst().members()
            try members.withUnsafeBytes { try output($0) }
        } catch {
            hasEnded = true
            pending = []
            throw error
        }
    }
}
