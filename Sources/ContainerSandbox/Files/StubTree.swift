package import ByteStrings
package import LinuxSystem

/// Empty folders and files to be mounted on: the lowest layer of a container.
///
/// Because they lie below the image, mounting leaves nothing in the folder that receives the changes.
package struct StubTree: Hashable, Sendable {
    private var folders: Set<ByteString>
    private var files: Set<ByteString>

    /// The places that every container needs.
    package init() {
        folders = ["/proc", "/sys", "/dev"]
        files = ["/etc/hosts", "/etc/resolv.conf"]
    }

    /// Adds the target of a mount: an absolute path, links in it already resolved.
    package mutating func insert(_ target: ByteString, isDirectory: Bool) {
        let path = target.lexicallyCleanedAbsolute
        if isDirectory {
            if path != "/" { folders.insert(path) }
        } else {
            files.insert(path)
        }
    }

    /// Makes the tree in an empty folder.
    ///
    /// A file whose path leads through another file is left out.
    package func write(in root: borrowing OwnedDescriptor) throws(SystemError) {
        for path in folders.sorted() {
            _ = try Self.makeFolders(path.pathComponents, in: root)
        }
        for path in files.sorted() {
            let components = path.pathComponents
            guard let name = components.last else { continue }
            let parent = try Self.makeFolders(components.dropLast(), in: root)
            guard try parent.statusIfPresent(of: name) == nil else { continue }
            _ = try parent.openChild(name, [.writeOnly, .create, .exclusive, .noFollow], permissions: 0o644)
        }
    }

    private static func makeFolders(
        _ components: some Sequence<ByteString>,
        in root: borrowing OwnedDescriptor
    ) throws(SystemError) -> OwnedDescriptor {
        var folder = try root.duplicate()
        for name in components {
            if try folder.statusIfPresent(of: name) == nil { try folder.makeDirectory(name, permissions: 0o755) }
            folder = try folder.openChild(name, [.readOnly, .directory, .noFollow])
        }
        return folder
    }
}
