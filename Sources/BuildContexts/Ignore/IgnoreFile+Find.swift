package import ByteStrings
import FileModel
import LinuxSystem

extension IgnoreFile {
    /// The ignore file of a context: `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` in the folder.
    ///
    /// `context` and `dockerfile` are paths of the host; `dockerfile` is nil for a context without one, such as a named
    /// folder. A link is followed only inside the folder that holds it. Nil when there is neither file.
    ///
    /// - Throws: `ContextError` for a file that is too large, is no regular file or holds a bad pattern, `SystemError`
    ///   when reading fails.
    package static func find(context: ByteString, dockerfile: ByteString?) throws -> IgnoreFile? {
        if let dockerfile {
            let slash = dockerfile.bytes.lastIndex(of: ByteString.slash)
            let folder = slash.map { ByteString(dockerfile.bytes[...$0]) } ?? "."
            let name = ByteString(dockerfile.bytes[((slash ?? -1) + 1)...]) + ByteString(".dockerignore")
            if let file = try read(name, in: try OwnedDescriptor.openDirectory(folder)) { return file }
        }
        return try read(".dockerignore", in: try OwnedDescriptor.openDirectory(context))
    }

    private static func read(_ name: ByteString, in folder: borrowing OwnedDescriptor) throws -> IgnoreFile? {
        guard try folder.statusIfPresent(of: name) != nil else { return nil }
        let file = try open(name, in: folder)
        let status = try file.status()
        guard status.kind == .regular else { throw ContextError.ignoreFileUnreadable(name) }
        guard status.size <= UInt64(sizeLimit) else {
            throw ContextError.ignoreFileTooLarge(name, limit: sizeLimit)
        }
        return try IgnoreFile(parsing: try file.readAll(limit: sizeLimit), name: name)
    }

    private static func open(_ name: ByteString, in folder: borrowing OwnedDescriptor) throws -> OwnedDescriptor {
        do {
            return try folder.open(name, [.readOnly, .nonBlocking], resolving: .inRoot)
        } catch  where error.meansAbsence {
            // Without the rules, what they hide would end up in the image.
            throw ContextError.ignoreFileUnreadable(name)
        }
    }
}
