import ContentStorage
import FileModel
import ImageExport
import LayerSnapshots
import OCIModel
import Testing

@Suite struct ImageAssemblerTests {
    @Test func equalArgumentsGiveEqualDigests() throws {
        let (first, second) = (try ImageFixture(), try ImageFixture())
        #expect(try first.image().manifest == second.image().manifest)
        #expect(try first.image("two").manifest != first.image("one").manifest)
    }

    @Test func theConfigurationIsCompleted() throws {
        let fixture = try ImageFixture()
        let image = try fixture.image()
        let read = try AssembledImage(reading: image.manifest.digest, from: fixture.blobs)
        #expect(read == image)
        #expect(read.configuration.created == "2020-01-01T00:00:00Z")
        #expect(read.configuration.rootfs.diffIDs == image.layers.map(\.diffID))
        #expect(read.configuration.history.map(\.emptyLayer) == [false, true, false])
        #expect(read.document.layers.map(\.mediaType) == [.layerTarGzip, .layerTarGzip])
        #expect(read.manifest.mediaType == .imageManifest)
        #expect(read.blobs.count == 4)
    }

    @Test func dockerTypesAreUsedThroughout() throws {
        let image = try ImageFixture().image(usesDockerMediaTypes: true)
        #expect(image.manifest.mediaType == .dockerManifest)
        #expect(image.document.config.mediaType == .dockerConfig)
        #expect(image.document.layers.map(\.mediaType) == [.dockerLayerTarGzip, .dockerLayerTarGzip])
    }

    @Test func withoutATimeTheImageSaysNone() throws {
        let fixture = try ImageFixture()
        let image = try ImageAssembler(blobs: fixture.blobs, session: fixture.session)
            .assemble(ImageConfiguration(architecture: "amd64", os: "linux"), layers: [], history: [], created: nil)
        #expect(image.configuration.created == nil)
        #expect(try AssembledImage(reading: image.manifest.digest, from: fixture.blobs) == image)
    }

    @Test func aHistoryOfOtherLayersIsRefused() throws {
        let fixture = try ImageFixture()
        let layer = try fixture.layer(["a": "a"])
        #expect(throws: ExportError.layerCount(layers: 1, expected: 2)) {
            try ImageAssembler(blobs: fixture.blobs, session: fixture.session).assemble(
                ImageConfiguration(architecture: "amd64", os: "linux"),
                layers: [layer],
                history: [History(), History(emptyLayer: true), History()],
                created: nil
            )
        }
    }

    @Test func aDamagedDocumentIsNoticed() throws {
        let fixture = try ImageFixture()
        let image = try fixture.image()
        try fixture.blobs.remove(image.document.config.digest)
        #expect(throws: StorageError.missingBlob(image.document.config.digest)) {
            try AssembledImage(reading: image.manifest.digest, from: fixture.blobs)
        }
    }
}
