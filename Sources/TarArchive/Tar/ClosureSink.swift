/// A sink that hands what it gets to a closure.
package struct ClosureSink: ByteSink {
    private let body: (UnsafeRawBufferPointer) throws -> Void

    package init(_ body: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.body = body
    }

    /// Calls the closure.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        try body(bytes)
    }
}
