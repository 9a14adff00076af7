package import LinuxSystem

/// Takes the bytes of a fetch.
///
/// Calls never overlap.
package protocol FetchSink: Sendable {
    /// Forgets all bytes so far; called before the first one of every attempt.
    func restart() throws

    /// Takes the next bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// A file that is filled by a fetch.
package final class FileSink: FetchSink {
    /// The file; its offset is behind the last byte.
    package let file: OwnedDescriptor

    /// Takes a file that is open for writing, and empties it with the first attempt.
    package init(_ file: consuming OwnedDescriptor) {
        self.file = file
    }

    package func restart() throws {
        try file.truncate(to: 0)
        try file.seek(to: 0)
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        try file.write(all: bytes)
    }
}
