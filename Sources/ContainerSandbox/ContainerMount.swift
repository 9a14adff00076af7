package import ByteStrings
package import FileModel
package import LinuxSystem

/// Something mounted into a container beside its layers.
package struct ContainerMount: Equatable, Sendable {
    /// What is mounted.
    package enum Source: Equatable, Sendable {
        /// A folder or file of the host, with all that is mounted below it.
        ///
        /// `subpath` is resolved inside `path`, links and all, and never leaves it; empty for `path` itself.
        case bind(_ path: ByteString, subpath: ByteString = "")

        /// What several folders make together, as those of a container's root do.
        case layers(Layers)

        /// A file that exists in this container alone: in memory, and gone with it.
        ///
        /// No path of the host leads to it at any time, nor do its bytes get to a disk, so it may be a secret.
        case file(_ content: [UInt8], permissions: UInt16 = 0o644, owner: UInt32 = 0, group: UInt32 = 0)

        /// A device of the host, at a node of the container's own where one can be made, else at the host's.
        case device(Device)

        /// An empty folder in memory that vanishes with the container.
        ///
        /// `size` is in bytes, nil for the kernel's choice; `permissions` are those of the folder.
        case temporary(size: UInt64? = nil, permissions: UInt16 = 0o1777)
    }

    /// Folders of the host as one tree.
    package struct Layers: Equatable, Sendable {
        /// Top first; one at least.
        package var folders: [ByteString]

        /// Receives changes; nil for a tree that takes none.
        package var upper: ByteString?

        /// An empty folder, on the same file system as `upper`.
        package var work: ByteString

        /// A path inside the tree, resolved without ever leaving it; empty for all of it.
        package var subpath: ByteString

        package init(folders: [ByteString], upper: ByteString?, work: ByteString, subpath: ByteString = "") {
            self.folders = folders
            self.upper = upper
            self.work = work
            self.subpath = subpath
        }
    }

    /// A device of the host.
    package struct Device: Equatable, Sendable {
        /// Its node on the host; not looked at where the container gets one of its own.
        package var hostPath: ByteString

        /// A character or a block device.
        package var kind: FileKind
        package var number: DeviceNumber

        /// The nine bits of the container's own node.
        package var permissions: UInt16

        /// Who owns that; nil for the user of the command.
        package var owner: UInt32?

        /// Nil for the group of the command.
        package var group: UInt32?

        package init(
            hostPath: ByteString,
            kind: FileKind,
            number: DeviceNumber,
            permissions: UInt16 = 0o666,
            owner: UInt32? = nil,
            group: UInt32? = nil
        ) {
            self.hostPath = hostPath
            self.kind = kind
            self.number = number
            self.permissions = permissions
            self.owner = owner
            self.group = group
        }
    }

    package var source: Source

    /// Absolute path in the container.
    ///
    /// Links in it are followed inside the root; what is missing is created.
    package var target: ByteString
    package var attributes: MountAttributes

    package init(_ source: Source, on target: ByteString, _ attributes: MountAttributes = []) {
        self.source = source
        self.target = target
        self.attributes = attributes
    }

    /// A generated file that the container may read and nothing else, such as `/etc/hosts`.
    package static func generatedFile(
        _ content: [UInt8],
        on target: ByteString,
        permissions: UInt16 = 0o644,
        owner: UInt32 = 0,
        group: UInt32 = 0
    ) -> ContainerMount {
        ContainerMount(
            .file(content, permissions: permissions, owner: owner, group: group),
            on: target,
            [.readOnly, .noSetID, .noDevices, .noExecution]
        )
    }
}
