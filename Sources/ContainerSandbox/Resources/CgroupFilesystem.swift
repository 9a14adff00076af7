import ByteStrings
import LinuxSystem

/// The files by which groups are made and read, on a machine or in memory.
///
/// Paths are absolute.
protocol CgroupFilesystem: Sendable {
    /// The whole of a file.
    func read(_ path: ByteString) throws(SystemError) -> ByteString

    /// Writes a text by one call, which is how the kernel reads settings.
    func write(_ text: ByteString, to path: ByteString) throws(SystemError)

    func exists(_ path: ByteString) throws(SystemError) -> Bool
    func makeDirectory(_ path: ByteString) throws(SystemError)

    /// Removes a group; `EBUSY` while it has members or groups below it.
    func removeDirectory(_ path: ByteString) throws(SystemError)

    /// The names of the groups below one.
    func groups(in path: ByteString) throws(SystemError) -> [ByteString]

    /// Opens the folder of a group, for a process to join it.
    func openFolder(_ path: ByteString) throws(SystemError) -> OwnedDescriptor

    /// Lets some time go by.
    func pause(_ duration: Duration)
}

extension CgroupFilesystem {
    /// The words of a file, empty when it cannot be read.
    func words(_ path: ByteString) -> Set<ByteString> {
        guard let text = try? read(path) else { return [] }
        return Set(text.bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map { ByteString($0) })
    }

    /// The number behind a name, in a file of lines with a name and a number each; nil when there is none.
    func counter(_ name: ByteString, in path: ByteString) -> UInt64? {
        guard let text = try? read(path) else { return nil }
        for line in text.bytes.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "))
            if words.count == 2, words[0].elementsEqual(name.bytes) {
                return UInt64(String(decoding: words[1], as: UTF8.self))
            }
        }
        return nil
    }
}
