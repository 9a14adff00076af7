package import ByteStrings
package import FileModel
package import LinuxSystem

/// What a container needs for the devices it is given.
///
/// Source: Container Device Interface 1.1.0, "OCI Edits".
package struct DeviceEdits: Equatable, Sendable {
    /// A node in the container.
    package struct Node: Equatable, Sendable {
        /// Absolute path in the container.
        package var path: ByteString

        /// The same device on the host.
        package var hostPath: ByteString

        /// Nil for whatever the host's is.
        package var kind: FileKind?

        /// Nil for that of the host's.
        package var number: DeviceNumber?

        /// The nine bits; nil for those that let everybody read and write.
        package var permissions: UInt16?

        /// Nil for the user of the command.
        package var owner: UInt32?

        /// Nil for the group of the command.
        package var group: UInt32?
    }

    /// A file or folder of the host.
    package struct Mount: Equatable, Sendable {
        package var hostPath: ByteString
        package var path: ByteString
        package var attributes: MountAttributes
    }

    /// `NAME=value`; of two with one name the last counts.
    package var environment: [ByteString] = []
    package var nodes: [Node] = []
    package var mounts: [Mount] = []

    /// Groups of the command beside its own.
    package var groups: [UInt32] = []

    /// What is asked for and not to be had here, in words that follow the name of the device.
    package var refusals: [String] = []

    /// Adds what another device needs; where both want a path, the other has it.
    mutating func append(_ other: DeviceEdits) {
        environment += other.environment
        nodes.removeAll { node in other.nodes.contains { $0.path == node.path } }
        nodes += other.nodes
        mounts.removeAll { mount in other.mounts.contains { $0.path == mount.path } }
        mounts += other.mounts
        groups += other.groups.filter { !groups.contains($0) }
        refusals += other.refusals
    }
}
