/// A mount that no namespace holds, shared by all who refer to it and gone with the last of them.
package final class MountedTree: Sendable {
    /// The root of the mount.
    package let root: OwnedDescriptor

    package init(_ root: consuming OwnedDescriptor) {
        self.root = root
    }
}

extension MountedTree: Equatable {
    /// Whether both are one mount.
    package static func == (left: MountedTree, right: MountedTree) -> Bool {
        left === right
    }
}
