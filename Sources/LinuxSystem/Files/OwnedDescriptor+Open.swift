package import ByteStrings
import CLinuxSystem
import Glibc
import SystemPackage

extension OwnedDescriptor {
    /// Opens a file of the host by a path that is trusted, links and all.
    ///
    /// `permissions` counts only with `.create`, and less the process's file creation mask.
    package static func openFile(
        _ hostPath: ByteString,
        _ flags: OpenFlags,
        permissions: UInt16 = 0o600
    ) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(
            adopting: try systemCall("open", path: hostPath) {
                slipway_openat(AT_FDCWD, $0, flags.systemFlags, UInt32(permissions))
            }
        )
    }

    /// Opens a directory of the host by a path that is trusted, links and all.
    package static func openDirectory(_ hostPath: ByteString) throws(SystemError) -> OwnedDescriptor {
        try openFile(hostPath, .directory)
    }

    /// Opens the entry `name` of this directory; never follows a symbolic link.
    ///
    /// A link is `ELOOP`, or is itself opened with `.pathOnly`. `permissions` counts only with `.create`.
    package borrowing func openChild(
        _ name: ByteString,
        _ flags: OpenFlags,
        permissions: UInt16 = 0
    ) throws(SystemError) -> OwnedDescriptor {
        let directory = rawValue
        return OwnedDescriptor(
            adopting: try systemCall("open", name: name) {
                slipway_openat(directory, $0, flags.union(.noFollow).systemFlags, UInt32(permissions))
            }
        )
    }

    /// Opens this file or directory once more, with an offset of its own.
    ///
    /// Works for directories, also ones that were opened with `.pathOnly`.
    package borrowing func reopenDirectory() throws(SystemError) -> OwnedDescriptor {
        let directory = rawValue
        return OwnedDescriptor(
            adopting: try systemCall("open", path: ".") { slipway_openat(directory, $0, O_DIRECTORY, 0) }
        )
    }

    /// Opens a file without a name in this directory, for reading and writing; gone unless it is linked.
    ///
    /// Throws `EOPNOTSUPP` where the file system has no such files. System call: `open(2)` with `O_TMPFILE`.
    package borrowing func temporaryFile(permissions: UInt16 = 0o600) throws(SystemError) -> OwnedDescriptor {
        let directory = rawValue
        return OwnedDescriptor(
            adopting: try systemCall("make a temporary file", path: ".") {
                slipway_openat(directory, $0, slipway_o_tmpfile | O_RDWR, UInt32(permissions))
            }
        )
    }

    /// Opens a file without a name in a directory of the host, for reading and writing.
    ///
    /// Where the file system has no such files, a named one is made and its name removed at once.
    package static func temporaryFile(in hostPath: ByteString) throws(SystemError) -> OwnedDescriptor {
        let directory = try openDirectory(hostPath)
        do {
            return try directory.temporaryFile()
        } catch let error
            where error.errno == .notSupported || error.errno == .isDirectory || error.errno == .invalidArgument
        {
            let name = ByteString(".tmp-\(try RandomBytes.hex(count: 16))")
            let file = try directory.openChild(name, [.readWrite, .create, .exclusive], permissions: 0o600)
            try directory.removeFile(name)
            return file
        }
    }

    /// Gives a file made by ``temporaryFile(permissions:)`` its first name, in `directory`.
    ///
    /// Throws `EEXIST` when the name is taken. Needs a mounted `/proc`.
    package borrowing func link(as name: ByteString, in directory: borrowing OwnedDescriptor) throws(SystemError) {
        let (file, target) = (rawValue, directory.rawValue)
        try systemCall("link", name: name) { slipway_link_descriptor(file, target, $0) }
    }

    /// Opens `path` taken from this directory, which is the root for it; a path outside can not be reached.
    ///
    /// The empty path is this directory. Other processes may rename and swap components meanwhile. `permissions` counts
    /// only with `.create`. Throws, beside what `open(2)` gives, `EXDEV` when `.beneathWithoutLinks` would leave and
    /// `ELOOP` for links that may not be followed or are more than 40.
    ///
    /// System call: `openat2(2)`, Linux 5.6; where that is missing or filtered, a walk with one `openat(2)` a component.
    package borrowing func open(
        _ path: ByteString,
        _ flags: OpenFlags,
        permissions: UInt16 = 0,
        resolving resolution: PathResolution,
        by strategy: PathStrategy = .automatic
    ) throws(SystemError) -> OwnedDescriptor {
        try PathResolver(root: rawValue, flags: flags, permissions: permissions, resolution: resolution)
            .open(path, by: strategy)
    }
}
