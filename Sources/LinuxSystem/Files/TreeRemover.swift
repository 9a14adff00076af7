import ByteStrings
import CLinuxSystem
import FileModel
import Glibc
import SystemPackage

/// Removes one entry of a directory with all that is below it.
///
/// Only the directory that is being emptied is open. The way back up is `..`, believed only when it leads to the very
/// directory that was walked down from; otherwise somebody moved things, and the walk starts again from the top.
struct TreeRemover {
    private struct Level {
        let name: ByteString
        let inode: UInt64
        let device: UInt64
        var directories: [ByteString]
    }

    /// Borrowed for the time of the call.
    let directory: CInt
    let name: ByteString

    /// Rounds in which others may add and move files before this gives up.
    private static let mostRounds = 16

    func run() throws(SystemError) {
        for round in 1...Self.mostRounds {
            do {
                if try removeFlat(directory, name) { return }
                try removeDirectory()
                return
            } catch let error
                where round < Self.mostRounds && [.directoryNotEmpty, .staleNFSFileHandle].contains(error.errno)
            {
                continue
            }
        }
    }

    private func removeDirectory() throws(SystemError) {
        var current = try enter(directory, name)
        var levels = [try level(name, current)]
        while let last = levels.indices.last {
            if let child = levels[last].directories.popLast() {
                if try removeFlat(current.rawValue, child) { continue }
                current = try enter(current.rawValue, child)
                levels.append(try level(child, current))
                continue
            }
            let emptied = levels.removeLast().name
            guard let parent = levels.last else {
                try unlink(directory, emptied, AT_REMOVEDIR)
                return
            }
            current = try leave(current, to: parent)
            try unlink(current.rawValue, emptied, AT_REMOVEDIR)
        }
    }

    /// Removes all but directories, and remembers those for later.
    private func level(_ name: ByteString, _ opened: borrowing OwnedDescriptor) throws(SystemError) -> Level {
        let status = try opened.status()
        var directories: [ByteString] = []
        for entry in try opened.entries() {
            if entry.kind == .directory {
                directories.append(entry.name)
            } else if try !removeFlat(opened.rawValue, entry.name) {
                directories.append(entry.name)
            }
        }
        return Level(name: name, inode: status.inode, device: status.device, directories: directories)
    }

    /// Removes anything but a directory, for which it answers false.
    private func removeFlat(_ parent: CInt, _ name: ByteString) throws(SystemError) -> Bool {
        do {
            try unlink(parent, name, 0)
            return true
        } catch let error where error.errno == .isDirectory {
            return false
        } catch let error where error.errno == .notPermitted {
            // POSIX has EPERM for directories; it may as well be an immutable file.
            if try FileStatus.read(parent, name, AT_SYMLINK_NOFOLLOW)?.kind == .directory { return false }
            throw error
        }
    }

    /// Removes a name; one that is gone already is well.
    private func unlink(_ parent: CInt, _ name: ByteString, _ flags: CInt) throws(SystemError) {
        do {
            try retryingWithPermission(parent) { () throws(SystemError) in
                try systemCall("remove", name: name) { unlinkat(parent, $0, flags) }
            }
        } catch let error where error.errno == .noSuchFileOrDirectory {
        }
    }

    private func enter(_ parent: CInt, _ name: ByteString) throws(SystemError) -> OwnedDescriptor {
        do {
            return try openWithinMount(parent, name)
        } catch let error where error.errno == .permissionDenied {
            try systemCall("change the permissions of", name: name) { slipway_set_permissions(parent, $0, 0o700) }
            return try openWithinMount(parent, name)
        }
    }

    private func openWithinMount(_ parent: CInt, _ name: ByteString) throws(SystemError) -> OwnedDescriptor {
        let resolve = slipway_resolve_beneath | slipway_resolve_no_symlinks | slipway_resolve_no_xdev
        do {
            let opened = try systemCall("open", name: name) {
                slipway_openat2(parent, $0, O_DIRECTORY | O_NOFOLLOW, 0, resolve)
            }
            return OwnedDescriptor(adopting: opened)
        } catch let error where [.noFunction, .notPermitted, .resourceTemporarilyUnavailable].contains(error.errno) {
            let opened = OwnedDescriptor(
                adopting: try systemCall("open", name: name) {
                    slipway_openat(parent, $0, O_DIRECTORY | O_NOFOLLOW, 0)
                }
            )
            // Without openat2(2) a bind mount of the same file system stays unseen; rmdir(2) then answers EBUSY.
            let outer = try FileStatus.read(parent, "", slipway_at_empty_path)
            guard try opened.status().device == outer?.device else {
                throw SystemError(operation: "open", errno: .improperLink, path: name)
            }
            return opened
        }
    }

    private func leave(_ child: borrowing OwnedDescriptor, to parent: Level) throws(SystemError) -> OwnedDescriptor {
        let number = child.rawValue
        let opened = OwnedDescriptor(
            adopting: try systemCall("open", path: "..") { slipway_openat(number, $0, O_DIRECTORY, 0) }
        )
        let status = try opened.status()
        guard status.inode == parent.inode, status.device == parent.device else {
            throw SystemError(operation: "remove", errno: .staleNFSFileHandle, path: name)
        }
        return opened
    }

    /// Tries once more with write permission on the directory, which its owner may give.
    private func retryingWithPermission(
        _ parent: CInt,
        _ call: () throws(SystemError) -> Void
    ) throws(SystemError) {
        do {
            try call()
        } catch let error where error.errno == .permissionDenied && parent != directory {
            try systemCall("change the permissions of a directory") { slipway_set_own_permissions(parent, 0o700) }
            try call()
        }
    }
}
