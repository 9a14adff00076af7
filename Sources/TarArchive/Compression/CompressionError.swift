/// Why bytes cannot be compressed.
package enum CompressionError: Error, Equatable, Sendable {
    /// There is no memory for the state of the compressor.
    case outOfMemory

    /// The compressor reports a failure in its own words.
    case failed(String)

    /// Bytes came after the end, or after an error.
    case finished
}

extension CompressionError: CustomStringConvertible {
    /// The reason in one line.
    package var description: String {
        switch self {
        case .outOfMemory: "there is no memory for compression"
        case .failed(let reason): "compression failed: \(reason)"
        case .finished: "the compressed stream has ended already"
        }
    }
}
