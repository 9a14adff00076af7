import ByteStrings
import FileModel
import LinuxSystem

/// The groups of this machine.
struct HostCgroupFilesystem: CgroupFilesystem {
    /// More than any file of a group that is read here holds, lists of members included: 4 MiB.
    private static let sizeLimit = 4 << 20

    func read(_ path: ByteString) throws(SystemError) -> ByteString {
        ByteString(try OwnedDescriptor.openFile(path, .readOnly).readAll(limit: Self.sizeLimit))
    }

    func write(_ text: ByteString, to path: ByteString) throws(SystemError) {
        try OwnedDescriptor.openFile(path, .writeOnly).write(text.bytes)
    }

    func exists(_ path: ByteString) throws(SystemError) -> Bool {
        try FileStatus.at(hostPath: path, followingLinks: true) != nil
    }

    func makeDirectory(_ path: ByteString) throws(SystemError) {
        try parent(of: path).makeDirectory(path.lastPathComponent, permissions: 0o755)
    }

    func removeDirectory(_ path: ByteString) throws(SystemError) {
        try parent(of: path).removeDirectory(path.lastPathComponent)
    }

    func groups(in path: ByteString) throws(SystemError) -> [ByteString] {
        try OwnedDescriptor.openDirectory(path).entries().filter { $0.kind == .directory }.map(\.name)
    }

    func openFolder(_ path: ByteString) throws(SystemError) -> OwnedDescriptor {
        try OwnedDescriptor.openDirectory(path)
    }

    func pause(_ duration: Duration) {
        _ = try? Poller.wait([], timeout: duration)
    }

    private func parent(of path: ByteString) throws(SystemError) -> OwnedDescriptor {
        try OwnedDescriptor.openDirectory("/" + path.pathComponents.dropLast().joinedAsPath)
    }
}
