package import ByteStrings
import FileModel
import LinuxSystem
import SystemPackage

/// A file of the user's that an export replaces in one step.
package enum OutputFile {
    /// Writes a file at a path of the host; when `body` throws, what was there stays.
    ///
    /// A device, a pipe or a socket at the path is written to. So is a file in a folder that takes no new ones.
    ///
    /// - Throws: What `body` throws; `SystemError`.
    package static func write(
        to hostPath: ByteString,
        permissions: UInt16 = 0o644,
        _ body: (DescriptorSink) throws -> Void
    ) throws {
        let present = try FileStatus.at(hostPath: hostPath, followingLinks: true)
        if let present, present.kind != .regular {
            try fill(OwnedDescriptor.openFile(hostPath, .writeOnly), body)
            return
        }
        let parts = hostPath.pathComponents
        guard let name = parts.last, name != ".." else {
            throw SystemError(operation: "write", errno: .isDirectory, path: hostPath)
        }
        let parent = ByteString(hostPath.isAbsolutePath ? "/" : "./") + parts.dropLast().joinedAsPath
        let folder = try OwnedDescriptor.openDirectory(parent)
        let temporary = ByteString(".\(try RandomBytes.hex(count: 8)).partial")
        do {
            try folder.makeNode(temporary, kind: .regular, permissions: permissions)
        } catch {
            guard error.errno == .permissionDenied, present != nil else { throw error }
            try fill(OwnedDescriptor.openFile(hostPath, [.writeOnly, .truncate]), body)
            return
        }
        // Of a file that is replaced, who may read it stays as it was.
        try folder.setPermissions(present?.permissions ?? permissions, of: temporary)
        do {
            try fill(folder.openChild(temporary, .writeOnly), body)
            try folder.rename(temporary, to: name, in: folder)
        } catch {
            try? folder.removeFile(temporary)
            throw error
        }
    }

    private static func fill(_ file: consuming OwnedDescriptor, _ body: (DescriptorSink) throws -> Void) throws {
        let sink = DescriptorSink(file)
        try body(sink)
        try sink.finish()
    }
}
