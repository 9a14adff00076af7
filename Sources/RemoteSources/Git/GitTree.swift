internal import ByteStrings
internal import FileModel
internal import LinuxSystem

/// Gives checked out files the attributes that do not depend on who checked them out.
struct GitTree: Sendable {
    /// The time of all files; nil leaves them theirs.
    let time: Timestamp?

    /// Moves what is in a folder below `files` into another one.
    ///
    /// - Throws: ``RemoteSourceError``, `badGitSubdirectory` unless every component is a real directory; `SystemError`.
    func move(_ subdirectory: ByteString, of files: ByteString, into destination: ByteString) throws {
        let target = try OwnedDescriptor.openDirectory(destination)
        let source = try open(subdirectory, of: files)
        for entry in try source.entries() { try source.rename(entry.name, to: entry.name, in: target, noReplace: true) }
    }

    private func open(_ subdirectory: ByteString, of files: ByteString) throws -> OwnedDescriptor {
        var folder = try OwnedDescriptor.openDirectory(files)
        for component in subdirectory.pathComponents {
            guard component != "..", component != ".git", let status = try folder.statusIfPresent(of: component) else {
                throw RemoteSourceError.badGitSubdirectory("\(subdirectory)", reason: "does not exist")
            }
            guard status.kind == .directory else {
                let kind = status.kind == .symbolicLink ? "a link" : "no folder"
                throw RemoteSourceError.badGitSubdirectory(
                    "\(subdirectory)",
                    reason: "does not exist: `\(component)` is \(kind)"
                )
            }
            folder = try folder.openChild(component, .directory)
        }
        return folder
    }

    /// Sets modes and times of everything below a folder, and of the folder.
    func normalize(_ root: ByteString) throws {
        let top = try OwnedDescriptor.openDirectory(root)
        var pending: [ByteString] = [""]
        var folders: [ByteString] = []
        // One descriptor at a time, however deep the folders are.
        while let path = pending.popLast() {
            folders.append(path)
            let folder = try top.open(path, .directory, resolving: .beneathWithoutLinks)
            for entry in try folder.entries() {
                let status = try folder.status(of: entry.name)
                if status.kind == .directory {
                    pending.append(path.isEmpty ? entry.name : path.appendingPath(entry.name))
                    continue
                }
                if status.kind == .regular {
                    try folder.setPermissions(status.permissions & 0o100 == 0 ? 0o644 : 0o755, of: entry.name)
                }
                if let time { try folder.setModified(time, of: entry.name) }
            }
        }
        for path in folders.reversed() {
            let folder = try top.open(path, .directory, resolving: .beneathWithoutLinks)
            try folder.setPermissions(0o755)
            if let time { try folder.setModified(time) }
        }
    }
}
