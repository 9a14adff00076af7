import LinuxSystem
import Synchronization

/// Reads from descriptors for a task that may be cancelled while nothing comes.
final class StoppableReader: Sendable {
    private static let patience = Duration.milliseconds(50)

    private let isStopped = Atomic(false)

    private init() {}

    /// Runs `body` on a thread of its own; when the task is cancelled, the reader it is given fails with its next read.
    ///
    /// - Throws: `CancellationError`, or what `body` throws.
    static func run<Value: Sendable>(
        _ body: @Sendable @escaping (StoppableReader) throws -> Value
    ) async throws -> Value {
        let reader = StoppableReader()
        do {
            return try await withTaskCancellationHandler {
                try await BlockingThread.run { try body(reader) }
            } onCancel: {
                reader.isStopped.store(true, ordering: .releasing)
            }
        } catch {
            // Whoever reads through others may have put it into words.
            if reader.isStopped.load(ordering: .acquiring) { throw CancellationError() }
            throw error
        }
    }

    /// Reads as soon as there is something and leaves the descriptor open; 0 is the end.
    func read(_ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            if isStopped.load(ordering: .acquiring) { throw CancellationError() }
            if try Poller.wait([descriptor], timeout: Self.patience).isEmpty { continue }
            let file = OwnedDescriptor(adopting: descriptor)
            let count: Int
            do {
                count = try file.read(into: buffer)
            } catch {
                _ = file.release()
                throw error
            }
            _ = file.release()
            return count
        }
    }

    /// Reads `count` bytes, or as many as there are.
    func readPrefix(_ descriptor: CInt, count: Int) throws -> [UInt8] {
        try read(descriptor, atMost: count)
    }

    /// Reads to the end.
    ///
    /// - Throws: `BuildFailure` for more than `limit` bytes.
    func readAll(_ descriptor: CInt, limit: Int) throws -> [UInt8] {
        let bytes = try read(descriptor, atMost: limit + 1)
        guard bytes.count <= limit else {
            throw FailureText.build("failed to read dockerfile: it is larger than \(limit) bytes")
        }
        return bytes
    }

    private func read(_ descriptor: CInt, atMost most: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { chunk.deallocate() }
        while bytes.count < most {
            let part = UnsafeMutableRawBufferPointer(rebasing: chunk[..<min(chunk.count, most - bytes.count)])
            let count = try read(descriptor, into: part)
            if count == 0 { break }
            bytes.append(contentsOf: part[..<count])
        }
        return bytes
    }
}
