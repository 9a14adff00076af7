package import ByteStrings
import LinuxSystem
package import TarArchive

extension ArchiveContext {
    /// Reads an archive, plain or compressed, to its end.
    ///
    /// `folder` is a path of the host where nothing is yet and that the caller removes in the end, such as one in a
    /// session's folder; when this throws, nothing is left there. Links are followed inside the archive, a later member
    /// replaces an earlier one unless both are directories, and directories that nobody describes are root's with mode
    /// 0755. Ignore files in the archive hide nothing: whoever made it packed what was meant.
    ///
    /// - Throws: `ArchiveError`, among them what is above `limits`; `ContextError` for members that no folder could hold;
    ///   `SystemError`.
    package static func unpack(
        from source: ArchiveSource,
        into folder: ByteString,
        limits: ArchiveLimits = .standard
    ) throws -> ArchiveContext {
        let clean = folder.lexicallyCleanedAbsolute
        let parent = try OwnedDescriptor.openDirectory("/" + ByteString(clean.bytes.dropFirst()).folderAndName.folder)
        let name = clean.lastPathComponent
        try parent.makeDirectory(name, permissions: 0o700)
        do {
            let handle = FolderHandle(try parent.openChild(name, [.pathOnly, .directory]))
            let archive = try ArchiveReader(source, limits: limits)
            var unpacker = ArchiveUnpacker(into: handle)
            while let member = try archive.next() {
                try unpacker.add(member) { try archive.read(into: $0) }
            }
            return ArchiveContext(nodes: unpacker.nodes, folder: handle)
        } catch {
            try? parent.removeTree(name)
            throw error
        }
    }
}
