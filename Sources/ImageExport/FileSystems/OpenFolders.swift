import ByteStrings
import LinuxSystem

/// The folders from a root down to where a walk is, open as far as descriptors are not too many.
///
/// Folders above the last few are closed and opened again, name by name and never through a link, when the walk comes
/// back to them; so trees may be deeper than the limit on open files, and paths longer than the kernel takes.
struct OpenFolders {
    final class Folder: Sendable {
        let descriptor: OwnedDescriptor

        init(_ descriptor: consuming OwnedDescriptor) {
            self.descriptor = descriptor
        }
    }

    private let root: Folder
    private var names: [ByteString] = []
    private var folders: [Folder?] = []

    private static let mostOpen = 32

    init(root: consuming OwnedDescriptor) {
        self.root = Folder(root)
    }

    /// How many folders below the root the current one is.
    var depth: Int { names.count }

    /// The folder at the end of the way.
    mutating func current() throws(SystemError) -> Folder {
        guard let last = folders.indices.last else { return root }
        if let folder = folders[last] { return folder }
        var folder = root
        for (index, name) in names.enumerated() {
            folder = Folder(try folder.descriptor.openChild(name, .directory))
            if index > last - Self.mostOpen { folders[index] = folder }
        }
        return folder
    }

    /// Goes into a folder of the current one.
    mutating func enter(_ name: ByteString) throws(SystemError) {
        let folder = Folder(try current().descriptor.openChild(name, .directory))
        names.append(name)
        folders.append(folder)
        let expired = folders.count - 1 - Self.mostOpen
        if expired >= 0 { folders[expired] = nil }
    }

    /// Goes back up by one.
    mutating func leave() {
        names.removeLast()
        folders.removeLast()
    }
}
