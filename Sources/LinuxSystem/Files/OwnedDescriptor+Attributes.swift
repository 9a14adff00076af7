package import ByteStrings
package import FileModel
import CLinuxSystem
import Glibc
import SystemPackage

/// Owner, permissions and times. Calls with a name act on an entry of this directory and never follow a link; calls
/// without one act on the file itself, also when it was opened with `.pathOnly`.
extension OwnedDescriptor {
    /// Changes the owner of the entry `name`; clears its set-id bits and `security.capability`, as the kernel does.
    ///
    /// Where the user namespace has no such owner, the file becomes root's, and whose it is meant to be is recorded.
    package borrowing func setOwner(_ owner: UInt32, _ group: UInt32, of name: ByteString) throws(SystemError) {
        let namespace = UserNamespace.current
        guard namespace.isInitial else {
            let isHere = namespace.contains(owner: owner, group: group)
            if namespace.refusal != nil { return try recordAnyOwner(owner, group, of: name) }
            try changeOwner(isHere ? owner : 0, isHere ? group : 0, of: name)
            return isHere ? try forgetRecord(of: name) : try record(owner, group, of: name)
        }
        try changeOwner(owner, group, of: name)
    }

    /// Records the owner where no file can be given away; who nothing is recorded for is root.
    private borrowing func recordAnyOwner(
        _ owner: UInt32,
        _ group: UInt32,
        of name: ByteString
    ) throws(SystemError) {
        owner == 0 && group == 0 ? try forgetRecord(of: name) : try record(owner, group, of: name)
    }

    private borrowing func recordAnyOwner(_ owner: UInt32, _ group: UInt32) throws(SystemError) {
        owner == 0 && group == 0 ? try forgetRecord() : try record(owner, group)
    }

    private borrowing func changeOwner(
        _ owner: UInt32,
        _ group: UInt32,
        of name: ByteString
    ) throws(SystemError) {
        let directory = rawValue
        try systemCall("change the owner of", name: name) {
            fchownat(directory, $0, owner, group, AT_SYMLINK_NOFOLLOW)
        }
    }

    /// Changes the owner of this file; clears its set-id bits and `security.capability`, as the kernel does.
    ///
    /// Where the user namespace has no such owner, the file becomes root's, and whose it is meant to be is recorded.
    package borrowing func setOwner(_ owner: UInt32, _ group: UInt32) throws(SystemError) {
        let namespace = UserNamespace.current
        guard namespace.isInitial else {
            let isHere = namespace.contains(owner: owner, group: group)
            if namespace.refusal != nil { return try recordAnyOwner(owner, group) }
            try changeOwner(isHere ? owner : 0, isHere ? group : 0)
            return isHere ? try forgetRecord() : try record(owner, group)
        }
        try changeOwner(owner, group)
    }

    private borrowing func changeOwner(_ owner: UInt32, _ group: UInt32) throws(SystemError) {
        let file = rawValue
        try systemCall("change the owner of", path: "") { fchownat(file, $0, owner, group, slipway_at_empty_path) }
    }

    /// Changes the twelve mode bits of the entry `name`; `EOPNOTSUPP` for a symbolic link, which has none.
    ///
    /// System call: `fchmodat2(2)`, Linux 6.6, else through `/proc/self/fd`.
    package borrowing func setPermissions(_ permissions: UInt16, of name: ByteString) throws(SystemError) {
        let directory = rawValue
        try systemCall("change the permissions of", name: name) {
            slipway_set_permissions(directory, $0, UInt32(permissions & 0o7777))
        }
    }

    /// Changes the twelve mode bits of this file.
    package borrowing func setPermissions(_ permissions: UInt16) throws(SystemError) {
        let file = rawValue
        try systemCall("change the permissions of a file") {
            slipway_set_own_permissions(file, UInt32(permissions & 0o7777))
        }
    }

    /// Sets the modification time of the entry `name`, and the access time to the same.
    package borrowing func setModified(_ modified: Timestamp, of name: ByteString) throws(SystemError) {
        let directory = rawValue
        let times = [modified.systemTime, modified.systemTime]
        try systemCall("set the time of", name: name) { utimensat(directory, $0, times, AT_SYMLINK_NOFOLLOW) }
    }

    /// Sets the modification time of this file, and the access time to the same.
    package borrowing func setModified(_ modified: Timestamp) throws(SystemError) {
        let file = rawValue
        let times = [modified.systemTime, modified.systemTime]
        do {
            try systemCall("set the time of a file") { futimens(file, times) }
        } catch let error where error.errno == .badFileDescriptor {
            // A descriptor opened with O_PATH; Linux 5.8.
            try systemCall("set the time of", path: "") { utimensat(file, $0, times, slipway_at_empty_path) }
        }
    }
}
