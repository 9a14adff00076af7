package import BuildInterface
package import ByteStrings
import BuildPlanning
import ContentStorage
import DockerfileSyntax
import FileModel
import ImageExport
import LayerSnapshots
import LinuxSystem
package import OCIModel
import SourceDiagnostics
import StateDatabase

extension Engine {
    package func save(
        _ references: [String],
        to destination: ExportTarget.Destination,
        form: ExportTarget.Form
    ) async throws {
        // Before the images are looked up: what is found then stays.
        let lock = try await BlockingThread.run { [directory] in try directory.lockForUse() }
        defer { withExtendedLifetime(lock) {} }
        let images = try references.map { reference in
            let stored = try image(reference)
            let name = try stored.name.map { try ImageReference($0) }
            return ExportedImage(try assembledImage(reference), names: name.map { [$0] } ?? [])
        }
        let blobs = directory.blobs
        try await BuildExporter.write(to: destination, permissions: configuration.outputPermissions) { sink in
            try ImageArchiveExporter(blobs: blobs).write(images, as: form == .oci ? .oci : .docker, to: sink)
        }
    }

    package func load(from path: ByteString?) async throws -> [StoredImage] {
        try await withSession { session in
            try await BlockingThread.run { [self] in
                let importer = importer(session)
                let loaded =
                    try path.map { try importer.load($0, for: .current) }
                    ?? importer.load(from: StandardInput.descriptor, for: .current)
                return try loaded.map { image in
                    try put(image.names, for: image.image, session)
                    return StoredImage(image.image, name: image.names.first?.canonicalName)
                }
            }
        }
    }

    package func importRootFileSystem(
        from path: ByteString?,
        as name: ImageReference,
        configuration: ContainerConfiguration
    ) async throws -> StoredImage {
        try await withSession { session in
            try await BlockingThread.run { [self] in
                let importer = RootFSImporter(blobs: directory.blobs, session: session)
                let image: AssembledImage
                if let path {
                    let file = try OwnedDescriptor.openFile(path, .readOnly)
                    image = try importer.load(from: file.rawValue, configuration: configuration)
                } else {
                    image = try importer.load(from: StandardInput.descriptor, configuration: configuration)
                }
                try put([name], for: image, session)
                return StoredImage(image, name: name.canonicalName)
            }
        }
    }

    /// The configuration that Dockerfile instructions such as `CMD ["sh"]` make.
    ///
    /// - Throws: `BuildFailure` for an instruction that is malformed, or makes more than configuration.
    package func configuration(applying changes: [String]) throws -> ContainerConfiguration {
        let text = SourceText(name: "--change", bytes: Array((["FROM scratch"] + changes).joined(separator: "\n").utf8))
        let parsed = DockerfileParser().parse(text)
        let errors = parsed.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else { throw BuildFailure(kind: .usage, diagnostics: errors, source: text) }
        let request = PlanRequest(dockerfile: parsed.value, source: text, platform: .current, buildPlatform: .current)
        do {
            guard case .planned(let plan) = try Planner.plan(request, images: [:]), plan.steps.isEmpty else {
                throw FailureText.usage("--change takes instructions that change the configuration alone")
            }
            return plan.target.configuration.config
        } catch let errors as PlanErrors {
            throw BuildFailure(kind: .usage, diagnostics: errors.diagnostics, source: text)
        }
    }

    /// Takes images out of archives, and knows the layers of this store.
    func importer(_ session: Session) -> ImageArchiveImporter {
        ImageArchiveImporter(
            blobs: directory.blobs,
            session: session,
            knownLayer: { [database] in try database.layer(blob: $0)?.diffID }
        )
    }

    /// Records the layers of an image that came from elsewhere.
    func remember(_ image: AssembledImage) throws {
        let now = WallClock.now
        try database.saveIfAbsent(
            image.layers.map { LayerRecord(diffID: $0.diffID, blob: $0.blob, created: now) }
        )
    }

    /// The image that an archive gave the last time; nil when there is none, or some of it is gone.
    func knownArchive(_ key: ByteString) throws -> AssembledImage? {
        guard let digest = try database.archive(key), try directory.blobs.contains(digest),
            let image = try? AssembledImage(reading: digest, from: directory.blobs),
            try image.blobs.allSatisfy({ try directory.blobs.contains($0.digest) })
        else { return nil }
        return image
    }
}
