import ByteStrings
package import ContentStorage
import FileModel
import LayerSnapshots
package import OCIModel
import TarArchive

/// Makes an image of one layer from a tar of a root file system, plain or compressed.
///
/// The layer is written anew, so equal archives give equal images whichever program wrote them.
package struct RootFSImporter {
    private let blobs: BlobStore
    private let session: Session

    package init(blobs: BlobStore, session: Session) {
        self.blobs = blobs
        self.session = session
    }

    /// Reads the archive from a descriptor and stores the image, which is as old as the newest of its files.
    ///
    /// - Throws: ``ExportError/emptyArchive``, ``ExportError/hostileName(_:)``, ``ExportError/reservedName(_:)``;
    ///   `ArchiveError`; what storing throws.
    package func load(
        from descriptor: CInt,
        configuration: ContainerConfiguration,
        platform: Platform = .current
    ) throws -> AssembledImage {
        let archive = try ArchiveReader(.descriptor(descriptor))
        let layer = try LayerWriter(into: blobs.writer(in: session))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        var newest: Timestamp?
        while var entry = try archive.next() {
            try Self.clean(&entry)
            // What the root itself was like says more about the folder the archive was made from.
            if entry.path.isEmpty { continue }
            newest = max(newest ?? entry.attributes.modified, entry.attributes.modified)
            try layer.append(entry)
            while entry.kind == .regular {
                let count = try archive.read(into: buffer)
                if count == 0 { break }
                try layer.write(content: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        guard let newest else { throw ExportError.emptyArchive }
        let (packed, staged) = try layer.stage()
        try blobs.publish([staged])
        return try ImageAssembler(blobs: blobs, session: session).assemble(
            ImageConfiguration(
                architecture: platform.architecture,
                os: platform.os,
                variant: platform.variant,
                config: configuration
            ),
            layers: [packed],
            history: [History(created: RFC3339.text(newest), comment: "imported root file system")],
            created: newest
        )
    }

    /// Makes the entry one that a layer may hold.
    private static func clean(_ entry: inout TarEntry) throws {
        let path = ByteString(entry.path.drop { $0 == ByteString.slash })
        let components = try ArchiveMembers.cleanPath(path).pathComponents
        if components.contains(where: { $0.hasPrefix(".wh.") }) { throw ExportError.reservedName(entry.path) }
        // Overlay file systems take it for a deletion.
        if entry.kind == .characterDevice, entry.device == DeviceNumber(major: 0, minor: 0) {
            throw ExportError.reservedName(entry.path)
        }
        if components.isEmpty, entry.kind != .directory { throw ExportError.hostileName(entry.path) }
        entry.path = components.joinedAsPath
        if entry.kind == .hardLink {
            entry.linkTarget = try ArchiveMembers.cleanPath(
                ByteString(entry.linkTarget.drop { $0 == ByteString.slash })
            )
        }
        // Marks of overlay file systems and labels of the host are not the image's.
        entry.attributes.extendedAttributes = entry.attributes.extendedAttributes.filter { name, _ in
            !name.hasPrefix("trusted.") && !name.hasPrefix("user.overlay.") && !name.hasPrefix("user.slipway.")
                && name != "security.selinux"
        }
    }
}
