import LinuxSystem

/// A file or directory that is open for as long as somebody refers to it.
final class DescriptorHandle: Sendable {
    let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }
}
