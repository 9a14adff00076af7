import ByteStrings
import ContentStorage
import FileModel
import Foundation
import ImageExport
import LayerSnapshots
import OCIModel
import TarArchive
import Testing

@Suite struct LayerRewriteTests {
    private func rewriter(_ fixture: ImageFixture) -> ImageRewriter {
        ImageRewriter(blobs: fixture.blobs, session: fixture.session)
    }

    /// Path and time of every entry.
    private func times(_ layer: PackedLayer, _ fixture: ImageFixture) throws -> [ByteString: Int64] {
        let archive = try ArchiveReader(.bytes(fixture.blobs.readAll(layer.blob.digest)))
        var times: [ByteString: Int64] = [:]
        while let entry = try archive.next() { times[entry.path] = entry.attributes.modified.seconds }
        return times
    }

    @Test func nothingIsDoneWhenNothingChanges() throws {
        let fixture = try ImageFixture()
        let image = try fixture.image()
        let before = try fixture.blobs.list()
        #expect(try rewriter(fixture).rewrite(image, baseLayers: 0, .init(compression: .gzip)) == image)
        #expect(try rewriter(fixture).rewrite(image, baseLayers: 0, .init()) == image)
        #expect(try fixture.blobs.list() == before)
    }

    @Test(arguments: [
        (LayerCompression.uncompressed, MediaType.layerTar), (.zstd, .layerTarZstd),
    ])
    func recompressingKeepsTheLayers(compression: LayerCompression, type: MediaType) throws {
        let fixture = try ImageFixture()
        let image = try fixture.image()
        let changed = try rewriter(fixture).rewrite(
            image,
            baseLayers: 0,
            .init(compression: compression, forcesCompression: true)
        )
        #expect(changed.document.layers.map(\.mediaType) == [type, type])
        #expect(changed.layers.map(\.diffID) == image.layers.map(\.diffID))
        #expect(changed.document.config == image.document.config)
        #expect(try AssembledImage(reading: changed.manifest.digest, from: fixture.blobs) == changed)
        let back = try rewriter(fixture).rewrite(
            changed,
            baseLayers: 0,
            .init(compression: .gzip, forcesCompression: true)
        )
        #expect(back == image)
    }

    @Test func layersOfTheBaseAreLeftAloneUnlessForced() throws {
        let fixture = try ImageFixture()
        let image = try fixture.image()
        let changed = try rewriter(fixture).rewrite(image, baseLayers: 1, .init(compression: .zstd))
        #expect(changed.document.layers.map(\.mediaType) == [.layerTarGzip, .layerTarZstd])
        #expect(changed.document.layers[0] == image.document.layers[0])
    }

    @Test func noFileOfTheImageIsNewerThanAsked() throws {
        let fixture = try ImageFixture()
        let image = try fixture.image()
        let latest = Timestamp(seconds: 1_400_000_000)
        let changed = try rewriter(fixture).rewrite(image, baseLayers: 1, .init(latest: latest))
        #expect(changed.layers[0] == image.layers[0])
        #expect(Set(try times(changed.layers[0], fixture).values) == [1_500_000_000])
        #expect(Set(try times(changed.layers[1], fixture).values) == [1_400_000_000])
        #expect(try times(changed.layers[1], fixture).keys == times(image.layers[1], fixture).keys)
        #expect(changed.configuration.rootfs.diffIDs == changed.layers.map(\.diffID))
        #expect(changed.configuration.history == image.configuration.history)
        #expect(try AssembledImage(reading: changed.manifest.digest, from: fixture.blobs) == changed)
        // What is old enough stays as it is, byte for byte.
        let later = try rewriter(fixture).rewrite(
            image,
            baseLayers: 0,
            .init(latest: Timestamp(seconds: 1_700_000_000))
        )
        #expect(later == image)
    }

    @Test func mediaTypesAreTranslatedBothWays() throws {
        let fixture = try ImageFixture()
        let image = try fixture.image()
        let docker = try rewriter(fixture).rewrite(image, baseLayers: 0, .init(usesDockerMediaTypes: true))
        #expect(try docker == fixture.image(usesDockerMediaTypes: true))
        #expect(try rewriter(fixture).rewrite(docker, baseLayers: 0, .init(usesDockerMediaTypes: false)) == image)
    }

    @Test func aDamagedLayerIsNotRecompressed() throws {
        let fixture = try ImageFixture()
        var image = try fixture.image()
        image.configuration.rootfs.diffIDs.swapAt(0, 1)
        let blobs = try fixture.blobs.list()
        #expect(throws: ExportError.self) {
            try rewriter(fixture).rewrite(image, baseLayers: 0, .init(compression: .zstd))
        }
        #expect(try fixture.blobs.list() == blobs)
    }
}
