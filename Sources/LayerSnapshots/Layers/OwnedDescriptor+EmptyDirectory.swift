import ByteStrings
import LinuxSystem

extension OwnedDescriptor {
    /// Makes a directory of the host with exactly these permissions, and opens it; `EEXIST` when the path is taken.
    static func makeEmptyDirectory(_ hostPath: ByteString, permissions: UInt16) throws(SystemError) -> OwnedDescriptor {
        let components = hostPath.pathComponents
        let parent = ByteString(hostPath.isAbsolutePath ? "/" : "") + components.dropLast().joinedAsPath
        let name = components.last ?? ""
        let directory = try openDirectory(parent.isEmpty ? "." : parent)
        try directory.makeDirectory(name, permissions: permissions)
        try directory.setPermissions(permissions, of: name)
        return try directory.openChild(name, .directory)
    }
}
