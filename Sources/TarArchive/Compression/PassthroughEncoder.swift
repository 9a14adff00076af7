/// Hands bytes on as they are.
package final class PassthroughEncoder: StreamEncoder {
    private let output: (UnsafeRawBufferPointer) throws -> Void

    package init(output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.output = output
    }

    /// Writes the bytes to the output.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        try output(bytes)
    }

    /// Does nothing.
    package func finish() {}
}
