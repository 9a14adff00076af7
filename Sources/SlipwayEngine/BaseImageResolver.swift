import BuildInterface
import BuildPlanning
import BuildSolving
import ByteStrings
import ContentStorage
import FileModel
import ImageExport
import LinuxSystem
import OCIModel
import StateDatabase

/// Finds the images that a build starts from or copies from.
struct BaseImageResolver {
    let engine: Engine
    let request: BuildRequest
    let session: Session
    let reporter: EventReporter

    /// Looks among the named contexts, then in the store.
    ///
    /// - Throws: `BuildFailure` that says where it was looked for.
    func resolve(_ image: ImageRequest) async throws -> ResolvedImage {
        try await reporter.vertex("[internal] load metadata for \(Self.canonicalName(image.name))") {
            let found = try await self.image(named: image.name, for: image, contexts: request.namedContexts)
            return ResolvedImage(manifest: found.manifest.digest, configuration: found.configuration)
        }
    }

    /// The named context of that name, or the store's image; a context that is another name is looked up in the rest.
    private func image(
        named name: ByteString,
        for image: ImageRequest,
        contexts: [NamedContext]
    ) async throws -> AssembledImage {
        let meant = contexts.indices.filter { Self.means(name, contexts[$0].name) }
        let ofPlatform = meant.last { contexts[$0].platform == image.platform }
        guard let index = ofPlatform ?? meant.last(where: { contexts[$0].platform == nil }) else {
            return try stored(name.description, for: image)
        }
        guard case .image(let other) = contexts[index].location else {
            return try await self.image(at: contexts[index].location, for: image)
        }
        var rest = contexts
        rest.remove(at: index)
        return try await self.image(named: ByteString(other), for: image, contexts: rest)
    }

    private func image(at location: NamedContext.Location, for image: ImageRequest) async throws -> AssembledImage {
        switch location {
        case .ociArchive(let path): return try await imported(path, .only, .oci, image)
        case .dockerArchive(let path): return try await imported(path, .only, .docker, image)
        case .ociLayout(let path, let selector):
            return try await imported(path, try ImageSelector(selector), .oci, image)
        case .image(let name): return try stored(name, for: image)
        case .path, .remote, .stage:
            throw FailureText.build(
                "`\(image.name)` is wanted as an image, yet --build-context gives files or a stage for it",
                hint: "behind `docker-image://` stands the name of an image"
            )
        }
    }

    /// The image of an archive: imported once, and found by the archive's stamp from then on.
    private func imported(
        _ path: ByteString,
        _ selector: ImageSelector,
        _ form: ImageArchiveImporter.Form,
        _ image: ImageRequest
    ) async throws -> AssembledImage {
        guard let status = try FileStatus.at(hostPath: path, followingLinks: true) else {
            throw FailureText.build("there is no `\(path)`, which --build-context names for `\(image.name)`")
        }
        let (engine, session, platform) = (engine, session, image.platform)
        let key = ArchiveKey(path: path, status: status, selector: selector, platform: platform).bytes
        // A layout is a folder, whose stamp says nothing of the files below.
        if status.kind == .regular, let known = try engine.knownArchive(key) { return known }
        return try await BlockingThread.run {
            let found = try engine.importer(session).pick(selector, of: path, as: form, for: platform).image
            try engine.remember(found)
            if status.kind == .regular { try engine.database.saveArchive(key, manifest: found.manifest.digest) }
            return found
        }
    }

    private func stored(_ name: String, for image: ImageRequest) throws -> AssembledImage {
        do {
            return try engine.assembledImage(name)
        } catch ImageFailure.notFound(_, let candidates) {
            let looked = request.namedContexts.isEmpty ? "the store" : "the store and the build contexts given"
            let near = candidates.isEmpty ? "" : "; did you mean `\(candidates[0])`?"
            throw FailureText.build(
                "\(Self.canonicalName(ByteString(name))): not found in \(looked) (`\(engine.directory.root)`)\(near)",
                hint: """
                    slipway cannot pull from registries yet: bring it with `slipway load` or `slipway import`, or pass \
                    --build-context \(image.name)=oci-archive:PATH
                    """
            )
        }
    }

    private static func canonicalName(_ name: ByteString) -> String {
        (try? ImageReference(name.description))?.canonicalName ?? name.description
    }

    /// Whether two spellings name one image.
    private static func means(_ left: ByteString, _ right: ByteString) -> Bool {
        left == right || canonicalName(left) == canonicalName(right)
    }
}
