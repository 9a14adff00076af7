import Synchronization

/// The last lines that a command wrote, for the message when it fails.
final class OutputTail: Sendable {
    private static let mostLines = 20
    private static let mostBytes = 16 << 10
    private let bytes = Mutex<[UInt8]>([])

    func add(_ chunk: [UInt8]) {
        bytes.withLock { bytes in
            bytes += chunk.suffix(Self.mostBytes)
            if bytes.count > 2 * Self.mostBytes { bytes.removeFirst(bytes.count - Self.mostBytes) }
        }
    }

    /// At most twenty, the oldest first, decoded for people; empty ones are left out.
    var lines: [String] {
        let lines = bytes.withLock { $0 }.split(separator: 0x0a).compactMap { line in
            // Of a line that was drawn again and again, what was drawn last.
            line.split(separator: 0x0d).last.map { String(decoding: $0, as: UTF8.self) }
        }
        return lines.suffix(Self.mostLines)
    }
}
