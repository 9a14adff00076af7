package import BuildContexts
package import ByteStrings
package import ContentStorage
import LinuxSystem
package import TarArchive

/// Makes a tree on disk of a layer's blob.
package enum LayerApplier {
    /// Unpacks a layer into a new directory of the host.
    ///
    /// The archive may come from anywhere: nothing outside of the directory is touched, marks of overlay file systems
    /// come from its deletions alone, and its bytes must be those that `layer.diffID` promises. `lower` is the view of the
    /// layers below; directories that the archive does not describe take their attributes from there, or are root's with
    /// mode 0755. When this throws, what is in the directory is rubbish.
    ///
    /// - Throws: ``LayerError``, `ArchiveError`, `StorageError` or `SystemError`.
    package static func apply(
        _ layer: PackedLayer,
        from store: BlobStore,
        to path: ByteString,
        lower: (any FileTree)? = nil,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws -> LayerTree {
        let root = DescriptorHandle(try OwnedDescriptor.makeEmptyDirectory(path, permissions: 0o700))
        var tree = try TreeWriter(root, lower: lower)
        let reader = try LayerReader(layer, from: store, limits: limits)
        while let member = try reader.next() {
            try tree.add(member) { try reader.read(into: $0) }
        }
        try reader.finish(expecting: layer.diffID)
        try tree.finish()
        return LayerTree(path: path)
    }

    /// Reads the names of a layer from its blob; unpacking it would give the same.
    ///
    /// - Throws: ``LayerError``, `ArchiveError`, `StorageError` or `SystemError`.
    package static func index(
        _ layer: PackedLayer,
        from store: BlobStore,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws -> LayerIndex {
        var draft = try LayerDraft(over: nil)
        let reader = try LayerReader(layer, from: store, limits: limits)
        while let member = try reader.next() { try draft.add(layerMember: member) }
        try reader.finish(expecting: layer.diffID)
        return draft.finish()
    }
}
