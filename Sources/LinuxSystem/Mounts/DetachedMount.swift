package import ByteStrings
import CLinuxSystem
import SystemPackage

/// What a mount forbids.
///
/// Source: `mount_setattr(2)`.
package struct MountAttributes: OptionSet, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static let readOnly = MountAttributes(rawValue: slipway_mount_attr_rdonly)
    package static let noSetID = MountAttributes(rawValue: slipway_mount_attr_nosuid)
    package static let noDevices = MountAttributes(rawValue: slipway_mount_attr_nodev)
    package static let noExecution = MountAttributes(rawValue: slipway_mount_attr_noexec)
}

/// Mounts that no namespace holds: each is a descriptor, and gone with it unless it was attached.
///
/// The descriptor works as a directory for all calls below it, and can be handed to another process. All need
/// `CAP_SYS_ADMIN`. Source: `fsopen(2)`, `fsmount(2)`, `open_tree(2)`, Linux 5.2.
package enum DetachedMount {
    /// A bind mount of an open file or directory.
    ///
    /// `recursive` takes the mounts below along.
    package static func clone(
        of file: borrowing OwnedDescriptor,
        recursive: Bool = false
    ) throws(SystemError) -> OwnedDescriptor {
        let source = file.rawValue
        return OwnedDescriptor(
            adopting: try systemCall("clone a mount") { slipway_open_tree_clone(source, recursive ? 1 : 0) }
        )
    }

    /// Adds to what a detached mount forbids; `recursive` goes down to the mounts below it.
    ///
    /// System call: `mount_setattr(2)`, Linux 5.12.
    package static func restrict(
        _ mount: borrowing OwnedDescriptor,
        to attributes: MountAttributes,
        recursive: Bool = false
    ) throws(SystemError) {
        let descriptor = mount.rawValue
        try systemCall("restrict a mount") {
            slipway_mount_setattr(descriptor, attributes.rawValue, recursive ? 1 : 0)
        }
    }

    /// Attaches a detached mount in this process's mount namespace, over the file or directory that `target` is.
    package static func attach(
        _ mount: borrowing OwnedDescriptor,
        over target: borrowing OwnedDescriptor
    ) throws(SystemError) {
        let (source, destination) = (mount.rawValue, target.rawValue)
        try systemCall("attach a mount") { slipway_move_mount(source, destination) }
    }

    /// Takes the topmost mount at a path of the host away, at once; files that are open in it stay usable.
    package static func unmount(_ hostPath: ByteString) throws(SystemError) {
        try systemCall("unmount", path: hostPath) { slipway_unmount($0) }
    }
}
