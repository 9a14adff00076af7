/// A sink that joins small writes into large ones for another sink.
package struct BufferedSink<Sink: ByteSink>: ByteSink {
    /// Where the bytes go in the end; what is still buffered is not there yet.
    package private(set) var sink: Sink

    private var buffer: [UInt8] = []
    private let capacity: Int

    package init(_ sink: Sink, capacity: Int = 1 << 17) {
        self.sink = sink
        self.capacity = capacity
        buffer.reserveCapacity(capacity)
    }

    /// Keeps the bytes, or passes them on when they are many.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        if buffer.count + bytes.count > capacity { try flush() }
        if bytes.count >= capacity {
            try sink.write(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    /// Passes on what is buffered.
    package mutating func flush() throws {
        if buffer.isEmpty { return }
        try buffer.withUnsafeBytes { try sink.write($0) }
        buffer.removeAll(keepingCapacity: true)
    }
}
