/// Takes bytes in order, such as a file, a digest or a compressor.
package protocol ByteSink {
    /// Takes some more bytes, which are valid during the call only.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws
}

extension ByteSink {
    /// Takes some more bytes.
    package mutating func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }
}
