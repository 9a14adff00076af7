package import ByteStrings
package import ContentStorage
import LayerSnapshots
package import OCIModel
import FileModel
import LinuxSystem
import SystemPackage
import TarArchive

/// Takes images out of archives and into the store.
///
/// Nothing of an archive is believed: every blob must have the digest and the size that the manifest gives, every layer
/// must be the one that the configuration names, and only then anything of it becomes part of the store.
package struct ImageArchiveImporter {
    /// Which forms of an archive are accepted.
    package enum Form: Hashable, Sendable, CaseIterable {
        /// Whatever it is.
        case any

        /// An OCI image layout, as a tar or as a folder.
        case oci

        /// What `docker save` writes.
        case docker
    }

    let blobs: BlobStore
    let session: Session

    /// The layer that a blob of this digest is known to hold; saves unpacking it to find out.
    let knownLayer: (Digest) throws -> DiffID?

    package init(
        blobs: BlobStore,
        session: Session,
        knownLayer: @escaping (_ blob: Digest) throws -> DiffID? = { _ in nil }
    ) {
        self.blobs = blobs
        self.session = session
        self.knownLayer = knownLayer
    }

    /// Takes every image of an archive or layout at a path of the host.
    ///
    /// Of an image for several platforms the one that suits `platform` best is taken.
    ///
    /// - Throws: ``ExportError``; `ArchiveError`; `StorageError`; `SystemError`.
    package func load(_ hostPath: ByteString, as form: Form = .any, for platform: Platform) throws -> [LoadedImage] {
        try take(catalog(of: open(hostPath), as: form, for: platform).all(for: platform))
    }

    /// Takes every image of an archive that is read from a descriptor, such as standard input.
    ///
    /// - Throws: As ``load(_:as:for:)``.
    package func load(from descriptor: CInt, as form: Form = .any, for platform: Platform) throws -> [LoadedImage] {
        let source = try ArchiveMembers(ArchiveReader(.descriptor(descriptor)), blobs: blobs, session: session)
        return try take(catalog(of: source, as: form, for: platform).all(for: platform))
    }

    /// Takes one image of an archive or layout at a path of the host.
    ///
    /// - Throws: ``ExportError/noSuchImage(_:available:)``, ``ExportError/severalImages(_:)``,
    ///   ``ExportError/noSuchPlatform(_:available:)``; otherwise as ``load(_:as:for:)``.
    package func pick(
        _ selector: ImageSelector,
        of hostPath: ByteString,
        as form: Form = .any,
        for platform: Platform
    ) throws -> LoadedImage {
        let chosen = try catalog(of: open(hostPath), as: form, for: platform).one(selector, for: platform)
        guard let loaded = try take([chosen]).first else { throw ExportError.notAnImageArchive }
        return loaded
    }

    private func open(_ hostPath: ByteString) throws -> any ImageSource {
        let file = try OwnedDescriptor.openFile(hostPath, .readOnly)
        if try file.status().kind == .directory {
            return LayoutFolder(file, blobs: blobs, session: session)
        }
        let members = try ArchiveMembers(ArchiveReader(.descriptor(file.rawValue)), blobs: blobs, session: session)
        // All of it is read by now.
        try file.close()
        return members
    }

    private func catalog(of source: any ImageSource, as form: Form, for platform: Platform) throws -> any ImageCatalog {
        let index = try source.document("index.json")
        let manifest = try source.document("manifest.json")
        // Archives that are both say more in the index: digests and types.
        if let index, form != .docker || manifest == nil {
            if form == .docker { throw ExportError.wrongForm(expected: "docker-archive") }
            return try LayoutCatalog(index, of: source, blobs: blobs)
        }
        guard let manifest else { throw ExportError.notAnImageArchive }
        if form == .oci { throw ExportError.wrongForm(expected: "oci-archive") }
        return try DockerCatalog(manifest, of: source, blobs: blobs, session: session)
    }

    /// Checks images and publishes what they are made of, all at once.
    private func take(_ candidates: [ArchivedImage]) throws -> [LoadedImage] {
        let verifier = LayerVerifier(blobs: blobs, knownLayer: knownLayer)
        var staged: [StagedBlob] = []
        let loaded = try candidates.map { candidate in
            let image = AssembledImage(
                manifest: candidate.manifest,
                document: candidate.document,
                configuration: candidate.configuration
            )
            guard candidate.layers.count == image.configuration.rootfs.diffIDs.count else {
                throw ExportError.layerCount(
                    layers: candidate.layers.count,
                    expected: image.configuration.rootfs.diffIDs.count
                )
            }
            for (layer, blob) in zip(image.layers, candidate.layers) { try verifier.verify(layer, blob) }
            staged += ([candidate.manifestBlob, candidate.configurationBlob] + candidate.layers).compactMap(\.staged)
            return LoadedImage(image, names: candidate.names)
        }
        try blobs.publish(staged)
        return loaded
    }
}
