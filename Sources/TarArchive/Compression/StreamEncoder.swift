/// A sink that writes what it gets in another form to an output.
package protocol StreamEncoder: AnyObject, ByteSink {
    /// Takes some more bytes.
    ///
    /// - Throws: What the output throws; the encoder cannot be used after that.
    func write(_ bytes: UnsafeRawBufferPointer) throws

    /// Writes what is still held back and the end of the format; nothing may be written after that.
    ///
    /// - Throws: What the output throws.
    func finish() throws
}

extension StreamEncoder {
    /// Takes some more bytes.
    ///
    /// - Throws: What the output throws.
    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }
}
