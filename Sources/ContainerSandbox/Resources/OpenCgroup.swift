import LinuxSystem

/// The folders of a group, open for a process to join them.
final class OpenCgroup {
    private final class OpenFolder {
        let descriptor: OwnedDescriptor

        init(_ descriptor: consuming OwnedDescriptor) {
            self.descriptor = descriptor
        }
    }

    /// Valid as long as this object.
    let descriptors: CgroupDescriptors
    private let opened: [OpenFolder]

    /// Opens the folders; there are none without a group.
    init(_ group: Cgroup?) throws(SystemError) {
        var opened: [OpenFolder] = []
        var descriptors = CgroupDescriptors()
        if let group {
            for folder in group.folders {
                let open = OpenFolder(try group.open(folder))
                opened.append(open)
                descriptors.folders.append(open.descriptor.rawValue)
                if folder.isUnified { descriptors.unified = open.descriptor.rawValue }
            }
        }
        self.opened = opened
        self.descriptors = descriptors
    }
}
