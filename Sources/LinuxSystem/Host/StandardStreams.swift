import ByteStrings
import Glibc
import SystemPackage

/// Where this process shows things.
package enum StandardStream: CInt, Hashable, Sendable {
    case output = 1
    case error = 2
}

/// Writes to standard output and standard error, which belong to the process and are never closed.
package enum StandardStreams {
    /// Writes every byte, waiting while the other end is slow.
    ///
    /// Throws `EPIPE` when nobody reads any more; ``SignalWatcher/ignoreBrokenPipe()`` must have been called, else the
    /// process ends by `SIGPIPE`.
    package static func write(to stream: StandardStream, _ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        let borrowed = OwnedDescriptor(adopting: stream.rawValue)
        do {
            try borrowed.write(all: bytes)
        } catch {
            _ = borrowed.release()
            throw error
        }
        _ = borrowed.release()
    }

    /// Writes every byte, waiting while the other end is slow.
    package static func write(to stream: StandardStream, _ bytes: [UInt8]) throws(SystemError) {
        var failure: SystemError?
        bytes.withUnsafeBytes { buffer in
            do throws(SystemError) { try write(to: stream, buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Writes the UTF-8 bytes of `text`.
    package static func write(to stream: StandardStream, _ text: String) throws(SystemError) {
        try write(to: stream, Array(text.utf8))
    }

    /// Writes to standard error what can be written there.
    ///
    /// - Returns: False when nobody reads any more.
    package static func show(_ bytes: [UInt8]) -> Bool {
        do {
            try write(to: .error, bytes)
            return true
        } catch {
            return error.errno != .brokenPipe
        }
    }

    /// Opens `/dev/null` for those of the descriptors 0, 1 and 2 that the process was started without.
    ///
    /// Otherwise the first files opened would get their numbers. Call it first of all.
    package static func fillGaps() throws(SystemError) {
        while true {
            let opened = try systemCall("open", path: "/dev/null") { open($0, O_RDWR) }
            if opened > 2 {
                _ = Glibc.close(opened)
                return
            }
        }
    }
}
