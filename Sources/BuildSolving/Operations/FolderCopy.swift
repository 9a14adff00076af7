import BuildContexts
import ByteStrings
import FileModel
import LinuxSystem

/// A copy of part of a file tree.
struct FolderCopy: Sendable {
    /// What holds the copied file or directory, under the name ``content``.
    let folder: ByteString
    let isDirectory: Bool

    static let content: ByteString = "content"

    /// Copies what is at `source` into the new folder `folder`, links on the way followed inside the tree.
    static func make(of source: ByteString, in origin: BuildSolver.Origin, below folder: ByteString) throws
        -> FolderCopy
    {
        let tree = origin.tree
        guard let resolved = try tree.resolve(source, followingLast: true), let entry = try tree.status(resolved) else {
            throw ContextError.notFound(path: source, nearest: nil, hiddenBy: nil)
        }
        let parent = try OwnedDescriptor.makeDirectories(folder, permissions: 0o700)
        let writer = FolderCopy(folder: folder, isDirectory: entry.kind == .directory)
        try writer.fill(content, in: parent, from: resolved, entry, origin)
        return writer
    }

    /// Copies into the folder `path`, which exists and is empty.
    static func fill(_ path: ByteString, from source: ByteString, in origin: BuildSolver.Origin) throws {
        let tree = origin.tree
        guard let resolved = try tree.resolve(source, followingLast: true),
            try tree.status(resolved)?.kind == .directory
        else { throw ContextError.notDirectory(source) }
        let root = try OwnedDescriptor.openDirectory(path)
        try FolderCopy(folder: path, isDirectory: true).fillDirectory(root, from: resolved, origin)
    }

    private func fill(
        _ name: ByteString,
        in parent: borrowing OwnedDescriptor,
        from source: ByteString,
        _ entry: TreeEntry,
        _ origin: BuildSolver.Origin
    ) throws {
        try make(name, in: parent, from: source, entry, origin)
        guard entry.kind == .directory else { return }
        try fillDirectory(try parent.openChild(name, .directory), from: source, origin)
        try setAttributes(of: name, in: parent, from: source, entry, origin)
    }

    private func fillDirectory(
        _ root: borrowing OwnedDescriptor,
        from source: ByteString,
        _ origin: BuildSolver.Origin
    ) throws {
        let prefix = source.isEmpty ? 0 : source.count + 1
        var directories: [(path: ByteString, found: WalkedEntry)] = []
        let descriptor = try root.duplicate()
        try origin.tree.walk(source) { found in
            let relative = ByteString(found.path.bytes[prefix...])
            let components = relative.pathComponents
            let parent = try descriptor.open(
                components.dropLast().joinedAsPath,
                .directory,
                resolving: .beneathWithoutLinks
            )
            try make(relative.lastPathComponent, in: parent, from: found.path, found.entry, origin)
            if found.entry.kind == .directory { directories.append((relative, found)) }
            return .descend
        }
        // Directories last and the deepest first: what is made in one changes its time.
        for (path, found) in directories.reversed() {
            let parent = try descriptor.open(
                path.pathComponents.dropLast().joinedAsPath,
                .directory,
                resolving: .beneathWithoutLinks
            )
            try setAttributes(of: path.lastPathComponent, in: parent, from: found.path, found.entry, origin)
        }
    }

    private func make(
        _ name: ByteString,
        in parent: borrowing OwnedDescriptor,
        from source: ByteString,
        _ entry: TreeEntry,
        _ origin: BuildSolver.Origin
    ) throws {
        switch entry.kind {
        case .directory:
            try parent.makeDirectory(name, permissions: 0o700)
            return
        case .symbolicLink: try parent.makeSymbolicLink(name, to: origin.tree.readLink(source))
        case .regular:
            let input = try origin.tree.open(source)
            let status = try input.status()
            guard status.size == entry.size, !origin.tree.isLive || status.changed == entry.changed else {
                throw ContextError.changedDuringBuild(source)
            }
            let output = try parent.openChild(name, [.writeOnly, .create, .exclusive], permissions: 0o600)
            try Self.copyBytes(from: input, to: output)
        case .fifo, .characterDevice, .blockDevice:
            try parent.makeRecordedNode(
                name,
                kind: entry.kind,
                permissions: entry.permissions,
                device: entry.deviceNumber
            )
        case .socket: return
        }
        try setAttributes(of: name, in: parent, from: source, entry, origin)
    }

    private func setAttributes(
        of name: ByteString,
        in parent: borrowing OwnedDescriptor,
        from source: ByteString,
        _ entry: TreeEntry,
        _ origin: BuildSolver.Origin
    ) throws {
        try parent.setOwner(origin.keepsOwners ? entry.owner : 0, origin.keepsOwners ? entry.group : 0, of: name)
        if entry.kind != .symbolicLink { try parent.setPermissions(entry.permissions, of: name) }
        // After the owner, whose change would take a capability away.
        if entry.kind == .regular || entry.kind == .directory {
            for (attribute, value) in try origin.tree.extendedAttributes(source) {
                try parent.setExtendedAttribute(attribute, value, of: name)
            }
        }
        try parent.setModified(entry.modified, of: name)
    }

    private static func copyBytes(
        from input: borrowing OwnedDescriptor,
        to output: borrowing OwnedDescriptor
    ) throws {
        if try copyInKernel(from: input, to: output) { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while case let count = try input.read(into: buffer), count > 0 {
            try output.write(all: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Has the kernel copy, which shares the blocks where the file system can; false when it copies nothing.
    private static func copyInKernel(
        from input: borrowing OwnedDescriptor,
        to output: borrowing OwnedDescriptor
    ) throws(SystemError) -> Bool {
        var hasCopied = false
        while true {
            do {
                if try output.copyRange(from: input, count: 1 << 30) == 0 { return hasCopied }
                hasCopied = true
            } catch {
                // Two file systems, or one that cannot.
                if hasCopied { throw error }
                return false
            }
        }
    }
}
