import BuildContexts
import BuildInterface
import BuildPlanning
import BuildSolving
import ByteStrings
import ContentStorage
import FileModel
import ImageExport
import LayerSnapshots
import LinuxSystem
import OCIModel
import StateDatabase

/// Makes an image of a solved plan, and brings it where the request wants it.
struct BuildExporter {
    let engine: Engine
    let plan: BuildPlan
    let solved: SolvedBuild
    let request: BuildRequest
    let session: Session

    /// The latest time that anything built here may carry: what was asked for, else what the Dockerfile says.
    private var latest: Timestamp? {
        request.sourceDateEpoch ?? plan.sourceDateEpoch.map { Timestamp(seconds: $0) }
    }

    /// Assembles, names and exports.
    func export(_ reporter: EventReporter) async throws -> BuildResult {
        let image = try await reporter.vertex("exporting to image") { try await assemble(for: nil) }
        var names = request.tags
        for target in request.exports {
            if target.destination == .store {
                names += try target.names.map { try ImageReference($0) }
                continue
            }
            try await reporter.vertex(Self.title(of: target)) { try await write(target, image) }
        }
        if !names.isEmpty || request.exports.isEmpty {
            try await reporter.vertex(
                "naming to \(names.map(\.canonicalName).joined(separator: ", "))",
                unless: names.isEmpty
            ) {
                try engine.put(names, for: image, session)
            }
        }
        return BuildResult(
            manifest: image.manifest.digest,
            configuration: image.document.config.digest,
            manifestSize: image.manifest.size,
            names: names.map(\.canonicalName),
            cachedSteps: solved.cachedSteps,
            totalSteps: solved.totalSteps
        )
    }

    private static func title(of target: ExportTarget) -> String {
        switch target.form {
        case .oci: "exporting to oci image format"
        case .docker: "exporting to docker image format"
        case .image: "exporting to image"
        case .local: "exporting to client directory"
        case .tar: "exporting to client tarball"
        }
    }

    private func write(_ target: ExportTarget, _ image: AssembledImage) async throws {
        let blobs = engine.directory.blobs
        let permissions = engine.configuration.outputPermissions
        let names = target.names.isEmpty ? request.tags : try target.names.map { try ImageReference($0) }
        switch target.form {
        case .local:
            let tree = try await solved.fileTree()
            let latest = latest
            guard case .path(let path) = target.destination else { return }
            _ = try await BlockingThread.run { try FolderExporter.write(tree, to: path, latest: latest) }
        case .tar:
            let tree = try await solved.fileTree()
            let latest = latest
            try await Self.write(to: target.destination, permissions: permissions) {
                try TreeArchiveExporter.write(tree, latest: latest, to: $0)
            }
        case .oci, .docker, .image:
            let exported = ExportedImage(try await assemble(for: target), names: names)
            if target.isFolder, case .path(let path) = target.destination {
                try await BlockingThread.run { try ImageLayoutExporter(blobs: blobs).write([exported], to: path) }
                return
            }
            let form: ImageArchiveExporter.Form = target.form == .docker ? .docker : .oci
            try await Self.write(to: target.destination, permissions: permissions) {
                try ImageArchiveExporter(blobs: blobs).write([exported], as: form, to: $0)
            }
        }
    }

    /// Runs `body` with a sink into a file, which is replaced in one step, or into standard output.
    static func write(
        to destination: ExportTarget.Destination,
        permissions: UInt16,
        _ body: @escaping @Sendable (DescriptorSink) throws -> Void
    ) async throws {
        try await BlockingThread.run {
            if case .path(let path) = destination {
                do {
                    try OutputFile.write(to: path, permissions: permissions, body)
                } catch let error as SystemError {
                    throw FailureText.build("cannot write the output `dest=\(path)`: \(error)")
                }
            } else {
                let sink = try DescriptorSink.standardOutput()
                try body(sink)
                try sink.finish()
            }
        }
    }

    /// The image as an export wants it; nil is the store's own form.
    private func assemble(for target: ExportTarget?) async throws -> AssembledImage {
        let (blobs, plan, solved, session) = (engine.directory.blobs, plan, solved, session)
        let latest = latest
        let annotations = Dictionary(request.annotations.map { ($0.key, $0.value) }) { $1 }
        var changes = ImageRewriter.Changes(latest: latest)
        changes.compression = target?.compression?.ofLayers
        changes.forcesCompression = target?.forcesCompression ?? false
        if target?.usesDockerMediaTypes == true { changes.usesDockerMediaTypes = true }
        return try await BlockingThread.run { [changes] in
            let image = try ImageAssembler(blobs: blobs, session: session).assemble(
                plan.target.configuration,
                layers: solved.layers,
                history: ImageHistory.entries(of: plan, epochs: solved.epochs, latest: latest),
                created: latest ?? solved.epoch,
                annotations: annotations.isEmpty ? nil : annotations
            )
            let baseLayers = plan.target.base?.configuration.rootfs.diffIDs.count ?? 0
            return try ImageRewriter(blobs: blobs, session: session).rewrite(image, baseLayers: baseLayers, changes)
        }
    }
}

extension ExportCompression {
    /// The same in the words of the image specification.
    fileprivate var ofLayers: LayerCompression {
        switch self {
        case .uncompressed: .uncompressed
        case .gzip: .gzip
        case .zstd: .zstd
        }
    }
}

extension EventReporter {
    /// Runs `body` as a vertex, or quietly.
    fileprivate func vertex(_ name: String, unless isQuiet: Bool, _ body: () async throws -> Void) async throws {
        if isQuiet { try await body() } else { try await vertex(name, body) }
    }
}
