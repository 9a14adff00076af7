package import ByteStrings
package import LinuxSystem

/// Something mounted into a container beside its layers.
package struct ContainerMount: Equatable, Sendable {
    /// What is mounted.
    package enum Source: Equatable, Sendable {
        /// A folder or file of the host, with all that is mounted below it.
        ///
        /// `subpath` is resolved inside `path`, links and all, and never leaves it; empty for `path` itself.
        case bind(_ path: ByteString, subpath: ByteString = "")

        /// An empty folder in memory that vanishes with the container.
        ///
        /// `size` is in bytes, nil for the kernel's choice; `permissions` are those of the folder.
        case temporary(size: UInt64? = nil, permissions: UInt16 = 0o1777)
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
    package static func generatedFile(_ path: ByteString, on target: ByteString) -> ContainerMount {
        ContainerMount(.bind(path), on: target, [.readOnly, .noSetID, .noDevices, .noExecution])
    }
}
