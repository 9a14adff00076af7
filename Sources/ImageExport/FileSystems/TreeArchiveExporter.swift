package import BuildContexts
import ByteStrings
package import FileModel
package import TarArchive

/// Writes the file system of an image as one tar: `type=tar`.
package enum TreeArchiveExporter {
    /// Writes everything below the root of `tree`, parents before children and siblings by name.
    ///
    /// With `latest`, no file is given a newer time. Names of one file become hard links of the first.
    ///
    /// - Throws: What `tree` and `sink` throw; ``ExportError/changedMeanwhile(_:)``.
    package static func write(_ tree: any FileTree, latest: Timestamp? = nil, to sink: some ByteSink) throws {
        var tar = TarWriter(sink)
        var firstNames: [FileID: ByteString] = [:]
        let reader = TreeFileReader()
        try tree.walk("") { found in
            guard var entry = TarEntry(found, in: tree) else { return .descend }
            entry.attributes.extendedAttributes = try tree.extendedAttributes(found.path)
            if let latest { entry.attributes.modified = min(entry.attributes.modified, latest) }

            if found.entry.kind == .symbolicLink { entry.linkTarget = try tree.readLink(found.path) }
            if found.entry.kind != .directory && found.entry.linkCount > 1 {
                if let first = firstNames[found.entry.fileID] {
                    entry.kind = .hardLink
                    entry.size = 0
                    entry.linkTarget = first
                } else {
                    firstNames[found.entry.fileID] = found.path
                }
            }
            try tar.append(entry)
            if entry.kind == .regular {
                try reader.read(found.path, of: tree, size: entry.size) { try tar.write(content: $0) }
            }
            return .descend
        }
        try tar.finish()
    }
}

extension TarEntry {
    /// What a tree says of a file; nil for a socket, which archives do not hold.
    fileprivate init?(_ found: WalkedEntry, in tree: any FileTree) {
        let kind: TarEntryKind
        switch found.entry.kind {
        case .regular: kind = .regular
        case .directory: kind = .directory
        case .symbolicLink: kind = .symbolicLink
        case .characterDevice: kind = .characterDevice
        case .blockDevice: kind = .blockDevice
        case .fifo: kind = .fifo
        case .socket: return nil
        }
        self.init(
            path: found.path,
            kind: kind,
            attributes: FileAttributes(
                permissions: found.entry.permissions,
                owner: found.entry.owner,
                group: found.entry.group,
                modified: found.entry.modified
            ),
            size: kind == .regular ? found.entry.size : 0,
            device: found.entry.deviceNumber
        )
    }
}
