package import ByteStrings
package import FileModel
import CLinuxSystem
import Glibc
import SystemPackage

extension OwnedDescriptor {
    /// The text of the symbolic link `name` in this directory.
    package borrowing func readLink(_ name: ByteString) throws(SystemError) -> ByteString {
        guard name.isSingleComponent else {
            throw SystemError(operation: "read the link", errno: .invalidArgument, path: name)
        }
        return try readLinkText(name)
    }

    /// The text of the symbolic link that this descriptor, opened with `.pathOnly` and `.noFollow`, stands for.
    package borrowing func readOwnLink() throws(SystemError) -> ByteString {
        try readLinkText("")
    }

    private borrowing func readLinkText(_ name: ByteString) throws(SystemError) -> ByteString {
        let directory = rawValue
        // The kernel holds no longer ones than PATH_MAX.
        var text = [UInt8](repeating: 0, count: 4096)
        let count = try systemCall("read the link", path: name) { path in
            text.withUnsafeMutableBufferPointer { buffer in
                buffer.withMemoryRebound(to: CChar.self) {
                    slipway_readlinkat(directory, path, $0.baseAddress, $0.count)
                }
            }
        }
        return ByteString(text.prefix(count))
    }

    /// Makes the directory `name`; the process's file creation mask takes bits away.
    package borrowing func makeDirectory(_ name: ByteString, permissions: UInt16) throws(SystemError) {
        let directory = rawValue
        try systemCall("make the directory", name: name) { mkdirat(directory, $0, mode_t(permissions)) }
    }

    /// Makes the symbolic link `name` with the text `target`, which need not exist.
    package borrowing func makeSymbolicLink(_ name: ByteString, to target: ByteString) throws(SystemError) {
        let directory = rawValue
        guard !target.bytes.contains(0) else {
            throw SystemError(operation: "make the symbolic link", errno: .invalidArgument, path: name)
        }
        try systemCall("make the symbolic link", name: name) { link in
            target.withTerminated { symlinkat($0, directory, link) }
        }
    }

    /// Makes a device, a FIFO, a socket or an empty regular file; the file creation mask takes bits away.
    ///
    /// Devices need `CAP_MKNOD`, all but the numbers 0, 0 that overlay calls a whiteout.
    package borrowing func makeNode(
        _ name: ByteString,
        kind: FileKind,
        permissions: UInt16,
        device: DeviceNumber = DeviceNumber(major: 0, minor: 0)
    ) throws(SystemError) {
        let directory = rawValue
        let mode = kind.mode | mode_t(permissions & 0o7777)
        try systemCall("make the node", name: name) {
            slipway_mknodat(directory, $0, mode, device.major, device.minor)
        }
    }

    /// Makes `name` another name of the file `other` in `source`; a symbolic link there is linked, not followed.
    package borrowing func makeHardLink(
        _ name: ByteString,
        to other: ByteString,
        in source: borrowing OwnedDescriptor
    ) throws(SystemError) {
        let (directory, origin) = (rawValue, source.rawValue)
        try Self.requireName(other, "link")
        try systemCall("link", name: name) { new in
            other.withTerminated { linkat(origin, $0, directory, new, 0) }
        }
    }

    /// Renames `name` to `newName` in `target`, replacing what is there unless `noReplace`, which gives `EEXIST`.
    package borrowing func rename(
        _ name: ByteString,
        to newName: ByteString,
        in target: borrowing OwnedDescriptor,
        noReplace: Bool = false
    ) throws(SystemError) {
        let (directory, destination) = (rawValue, target.rawValue)
        try Self.requireName(newName, "rename")
        try systemCall("rename", name: name) { old in
            newName.withTerminated { new in
                noReplace
                    ? slipway_rename_no_replace(directory, old, destination, new)
                    : renameat(directory, old, destination, new)
            }
        }
    }

    /// Exchanges `name` with `other` in `target`, in one step; both must exist.
    package borrowing func exchange(
        _ name: ByteString,
        with other: ByteString,
        in target: borrowing OwnedDescriptor
    ) throws(SystemError) {
        let (directory, destination) = (rawValue, target.rawValue)
        try Self.requireName(other, "exchange")
        try systemCall("exchange", name: name) { first in
            other.withTerminated { slipway_rename_exchange(directory, first, destination, $0) }
        }
    }

    /// Removes the name of anything but a directory.
    package borrowing func removeFile(_ name: ByteString) throws(SystemError) {
        let directory = rawValue
        try systemCall("remove", name: name) { unlinkat(directory, $0, 0) }
    }

    /// Removes the empty directory `name`.
    package borrowing func removeDirectory(_ name: ByteString) throws(SystemError) {
        let directory = rawValue
        try systemCall("remove the directory", name: name) { unlinkat(directory, $0, AT_REMOVEDIR) }
    }

    /// Removes `name` and everything below it; when there is nothing of that name, that is well.
    ///
    /// Follows no link, enters no mount (`EXDEV`, or `EBUSY` for a mounted file), keeps a fixed number of descriptors
    /// open however deep the tree is, and lifts permissions that would stop the owner.
    package borrowing func removeTree(_ name: ByteString) throws(SystemError) {
        try Self.requireName(name, "remove")
        try TreeRemover(directory: rawValue, name: name).run()
    }

    private static func requireName(_ name: ByteString, _ operation: String) throws(SystemError) {
        guard name.isSingleComponent else {
            throw SystemError(operation: operation, errno: .invalidArgument, path: name)
        }
    }

    /// Makes a directory of the host and those above it that are missing; one that exists is left as it is.
    package static func makeDirectories(
        _ hostPath: ByteString,
        permissions: UInt16
    ) throws(SystemError) -> OwnedDescriptor {
        do {
            return try openDirectory(hostPath)
        } catch let error where error.errno == .noSuchFileOrDirectory {
            var directory = try openDirectory(hostPath.isAbsolutePath ? "/" : ".")
            for component in hostPath.pathComponents {
                if component == ".." {
                    directory = try directory.openParent()
                    continue
                }
                do {
                    try directory.makeDirectory(component, permissions: permissions)
                } catch let error where error.errno == .fileExists {
                }
                directory = try directory.openFollowing(component)
            }
            return directory
        }
    }

    private borrowing func openParent() throws(SystemError) -> OwnedDescriptor {
        let directory = rawValue
        return OwnedDescriptor(
            adopting: try systemCall("open", path: "..") { slipway_openat(directory, $0, O_DIRECTORY, 0) }
        )
    }

    private borrowing func openFollowing(_ name: ByteString) throws(SystemError) -> OwnedDescriptor {
        let directory = rawValue
        return OwnedDescriptor(
            adopting: try systemCall("open", name: name) { slipway_openat(directory, $0, O_DIRECTORY, 0) }
        )
    }
}
