package import LinuxSystem
import TarArchive

/// Bytes to a file, a pipe or a device; small writes are gathered.
///
/// For one thread. Nothing is certain to be written before ``finish()``.
package final class DescriptorSink: ByteSink {
    private let descriptor: OwnedDescriptor
    private var buffer: [UInt8] = []

    private static let bufferSize = 256 << 10

    package init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// A sink into the standard output of the process, which stays open.
    package static func standardOutput() throws(SystemError) -> DescriptorSink {
        let original = OwnedDescriptor(adopting: 1)
        do {
            let copy = try original.duplicate()
            _ = original.release()
            return DescriptorSink(copy)
        } catch {
            _ = original.release()
            throw error
        }
    }

    /// Appends bytes.
    ///
    /// - Throws: `SystemError`.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        if buffer.count + bytes.count < Self.bufferSize {
            buffer.append(contentsOf: bytes)
            return
        }
        try finish()
        try descriptor.write(all: bytes)
    }

    /// Appends bytes.
    ///
    /// - Throws: `SystemError`.
    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Writes what was gathered.
    package func finish() throws(SystemError) {
        if buffer.isEmpty { return }
        try descriptor.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
