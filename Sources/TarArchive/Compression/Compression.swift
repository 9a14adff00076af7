/// How we compress what we write.
package enum Compression: String, Hashable, Sendable, CaseIterable {
    case none, gzip, zstd

    /// An encoder of this kind.
    ///
    /// `workers` is how many processors gzip may use; the bytes do not depend on it.
    ///
    /// - Throws: ``CompressionError``.
    package func encoder(
        workers: Int,
        output: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) throws(CompressionError) -> any StreamEncoder {
        switch self {
        case .none: PassthroughEncoder(output: output)
        case .gzip: ParallelGzip(workers: workers, output: output)
        case .zstd: try ZstdEncoder(output: output)
        }
    }

    /// Compresses bytes in memory, to the bytes that ``encoder(workers:output:)`` gives.
    package func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        var result: [UInt8] = []
        let encoder = try encoder(workers: 1) { result.append(contentsOf: $0) }
        try bytes.withUnsafeBytes { try encoder.write($0) }
        try encoder.finish()
        return result
    }
}
