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

    /// At most twenty, the oldest first, decoded for people.
    var lines: [String] {
        let text = String(decoding: bytes.withLock { $0 }, as: UTF8.self)
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).suffix(Self.mostLines + 1)
            .map(String.init).filter { !$0.isEmpty }
    }
}
