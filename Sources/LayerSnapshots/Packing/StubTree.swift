package import ByteStrings
import FileModel
import LinuxSystem

/// The lowest layer of every container: empty places for the mounts that each gets.
///
/// With it, no mount point has to be made in a command's own layer; where an image has the path itself, the image's is
/// on top.
package enum StubTree {
    private static let directories: [ByteString] = ["dev", "etc", "proc", "sys"]
    private static let files: [ByteString] = ["etc/hosts", "etc/resolv.conf"]

    /// Makes the tree in a new directory of the host; it never changes and can be shared by all containers.
    ///
    /// - Throws: `SystemError`; `EEXIST` when something is at `path`.
    package static func make(at path: ByteString) throws -> LayerTree {
        let root = try OwnedDescriptor.makeEmptyDirectory(path, permissions: 0o755)
        for name in directories {
            try root.makeDirectory(name, permissions: 0o755)
            try root.setPermissions(0o755, of: name)
        }
        for path in files {
            let directory = try root.openChild(path.pathComponents[0], .directory)
            try directory.makeNode(path.lastPathComponent, kind: .regular, permissions: 0o644)
            try directory.setPermissions(0o644, of: path.lastPathComponent)
            try directory.setModified(.epoch, of: path.lastPathComponent)
        }
        for name in directories { try root.setModified(.epoch, of: name) }
        try root.setModified(.epoch)
        return LayerTree(path: path)
    }
}

extension OwnedDescriptor {
    /// Makes a directory of the host with exactly these permissions, and opens it; `EEXIST` when the path is taken.
    static func makeEmptyDirectory(_ hostPath: ByteString, permissions: UInt16) throws(SystemError) -> OwnedDescriptor {
        let components = hostPath.pathComponents
        let start: ByteString = hostPath.isAbsolutePath ? "/" : "."
        let parent = start.appendingPath(components.dropLast().joinedAsPath)
        let name = components.last ?? ""
        let directory = try openDirectory(parent)
        try directory.makeDirectory(name, permissions: permissions)
        try directory.setPermissions(permissions, of: name)
        return try directory.openChild(name, .directory)
    }
}
