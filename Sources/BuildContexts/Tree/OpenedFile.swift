package import LinuxSystem

/// A regular file that is open for reading, and what it was when it was opened.
package struct OpenedFile: ~Copyable, Sendable {
    package let descriptor: OwnedDescriptor
    package let status: FileStatus

    package init(_ descriptor: consuming OwnedDescriptor, _ status: FileStatus) {
        self.descriptor = descriptor
        self.status = status
    }

    /// Gives up the status.
    package consuming func takeDescriptor() -> OwnedDescriptor {
        descriptor
    }
}
