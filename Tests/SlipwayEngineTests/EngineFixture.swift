import BuildInterface
import ByteStrings
import ContentStorage
import Foundation
import LinuxSystem
import OCIModel
import TestSupport
import Testing

@testable import SlipwayEngine

/// An engine over a store of its own, and a build context.
final class EngineFixture: Sendable {
    private let folder: TemporaryFolder
    let engine: Engine
    let context: URL

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        context = folder.url.appendingPathComponent("context")
        try FileManager.default.createDirectory(at: context, withIntermediateDirectories: true)
        let root = ByteString(folder.url.appendingPathComponent("state").path)
        engine = try Engine.open(EngineConfiguration(root: root, environment: [:]))
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: context.appendingPathComponent(name))
    }

    /// Builds this Dockerfile with the context.
    @discardableResult
    func build(
        _ dockerfile: String,
        tag: String? = nil,
        _ change: (inout BuildRequest) -> Void = { _ in }
    ) async throws -> BuildResult {
        try write("Dockerfile", dockerfile)
        var request = BuildRequest(dockerfile: .defaultInContext, context: .folder(ByteString(context.path)))
        if let tag { request.tags = [try ImageReference(tag)] }
        change(&request)
        return try await engine.build(request) { _ in }
    }

    func blobs() throws -> Set<Digest> {
        Set(try engine.directory.blobs.list().map(\.digest))
    }

    /// The sessions that have not been ended.
    func sessions() throws -> [ByteString] {
        try OwnedDescriptor.openDirectory(engine.directory.temporaryPath).entries().map(\.name)
    }
}
