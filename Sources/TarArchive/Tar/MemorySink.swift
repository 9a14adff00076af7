/// A sink that keeps everything in memory, for small archives.
package struct MemorySink: ByteSink {
    /// All bytes so far.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Appends the bytes.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) {
        self.bytes.append(contentsOf: bytes)
    }
}
