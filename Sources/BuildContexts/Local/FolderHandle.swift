import LinuxSystem

/// A directory that is open for as long as somebody refers to it.
final class FolderHandle: Sendable {
    let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }
}
