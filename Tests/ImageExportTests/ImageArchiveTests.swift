import ByteStrings
import ContentStorage
import Foundation
import ImageExport
import LayerSnapshots
import OCIModel
import TestSupport
import Testing

@Suite struct ImageArchiveTests {
    private static let name = "example.com/team/app:1.2"

    @Test(arguments: ImageArchiveExporter.Form.allCases)
    func whatIsExportedIsImportedAgain(form: ImageArchiveExporter.Form) throws {
        let (source, target) = (try ImageFixture(), try ImageFixture())
        let name = try ImageReference(Self.name)
        let images = [try source.image("one"), try source.image("two")]
        let path = try source.export(
            [ExportedImage(images[0], names: [name]), ExportedImage(images[1], names: [])],
            as: form,
            to: "a.tar"
        )
        let loaded = try target.importer.load(path, for: amd64)
        #expect(loaded == [LoadedImage(images[0], names: [name]), LoadedImage(images[1], names: [])])
        for image in images {
            #expect(try AssembledImage(reading: image.manifest.digest, from: target.blobs) == image)
        }
        #expect(try target.blobs.verify().isEmpty)
        #expect(try target.blobs.list() == source.blobs.list())
    }

    @Test(arguments: ImageArchiveExporter.Form.allCases)
    func archivesAreEqualByteByByte(form: ImageArchiveExporter.Form) throws {
        let (first, second) = (try ImageFixture(), try ImageFixture())
        let archives = try [first, second].map { fixture in
            let images = [ExportedImage(try fixture.image(), names: [try ImageReference(Self.name)])]
            return try Data(
                contentsOf: URL(fileURLWithPath: fixture.export(images, as: form, to: "a.tar").description)
            )
        }
        #expect(archives[0] == archives[1])
    }

    @Test func aDockerArchiveIsReadAsOneWithoutItsIndex() throws {
        let (source, target) = (try ImageFixture(), try ImageFixture())
        let image = try source.image()
        let path = try source.export(
            [ExportedImage(image, names: [try ImageReference(Self.name)])],
            as: .docker,
            to: "a.tar"
        )
        for form in [ImageArchiveImporter.Form.docker, .oci, .any] {
            let loaded = try target.importer.pick(.only, of: path, as: form, for: amd64)
            #expect(loaded.image.configuration == image.configuration)
            #expect(loaded.image.layers.map(\.diffID) == image.layers.map(\.diffID))
            #expect(loaded.names.map(\.canonicalName) == [Self.name])
        }
    }

    @Test func compressedArchivesAndPipesAreRead() throws {
        let (source, target) = (try ImageFixture(), try ImageFixture())
        let image = try source.image()
        let path = try source.export([ExportedImage(image, names: [])], as: .oci, to: "a.tar")
        try source.run(["gzip", path.description])
        let pipe = Pipe()
        let writer = ChildProcess()
        writer.executableURL = URL(fileURLWithPath: "/bin/cat")
        writer.arguments = [path.description + ".gz"]
        writer.standardOutput = pipe
        try writer.run()
        let loaded = try target.importer.load(from: pipe.fileHandleForReading.fileDescriptor, for: amd64)
        #expect(loaded.map(\.image) == [image])
        writer.waitUntilExit()
        withExtendedLifetime(pipe) {}
    }

    @Test func aLayoutFolderKeepsItsOtherImages() throws {
        let (source, target) = (try ImageFixture(), try ImageFixture())
        let (one, two) = (try source.image("one"), try source.image("two"))
        let exporter = ImageLayoutExporter(blobs: source.blobs)
        let folder = source.path("layout")
        let (first, second) = (try ImageReference("app:1"), try ImageReference("app:2"))
        try exporter.write([ExportedImage(one, names: [first])], to: folder)
        try exporter.write([ExportedImage(two, names: [second])], to: folder)
        #expect(try target.importer.load(folder, for: amd64).map(\.names) == [[first], [second]])
        #expect(try target.importer.pick(ImageSelector("2"), of: folder, for: amd64).image == two)
        #expect(try target.importer.pick(ImageSelector("@\(one.manifest.digest)"), of: folder, for: amd64).image == one)

        try exporter.write([ExportedImage(two, names: [first])], to: folder)
        #expect(try target.importer.pick(ImageSelector("app:1"), of: folder, for: amd64).image == two)
        #expect(
            throws: ExportError.noSuchImage("3", available: ["docker.io/library/app:2", "docker.io/library/app:1"])
        ) {
            try target.importer.pick(ImageSelector("3"), of: folder, for: amd64)
        }
    }

    @Test func theImageOfThePlatformIsTaken() throws {
        let (source, target) = (try ImageFixture(), try ImageFixture())
        let images = try [amd64, arm64].map { try source.image("\($0)", platform: $0) }
        let index = ImageIndex(
            manifests: zip(images, [amd64, arm64]).map { image, platform in
                var manifest = image.manifest
                manifest.platform = platform
                return manifest
            } + [attestation(try source.image("attestation"))]
        )
        let bytes = try CanonicalJSON.encode(index)
        let stored = try source.blobs.put(bytes, in: source.session)
        let outer = ImageIndex(
            manifests: [Descriptor(mediaType: .imageIndex, digest: stored.digest, size: stored.size)])
        let path = try source.archive(
            try source.blobs.list().map { blob in
                (ByteString("blobs/sha256/\(blob.digest.hex)"), try source.blobs.readAll(blob.digest))
            } + [("index.json", CanonicalJSON.encode(outer)), ("oci-layout", OCILayoutIndex.layoutFile)],
            to: "many.tar"
        )
        #expect(try target.importer.pick(.only, of: path, for: arm64).image == images[1])
        #expect(try target.blobs.list().count == 4, "only what belongs to the image that was taken")
        #expect(try target.importer.pick(.only, of: path, for: amd64).image == images[0])
        let digest = ImageSelector.digest(images[1].manifest.digest)
        #expect(try target.importer.pick(digest, of: path, for: amd64).image == images[1])
        let other = Platform(os: "linux", architecture: "s390x")
        #expect(throws: ExportError.noSuchPlatform(other, available: ["linux/amd64", "linux/arm64"])) {
            try target.importer.pick(.only, of: path, for: other)
        }
    }

    private func attestation(_ image: AssembledImage) -> Descriptor {
        var manifest = image.manifest
        manifest.platform = Platform(os: "unknown", architecture: "unknown")
        return manifest
    }

    @Test func severalImagesNeedAChoice() throws {
        let (source, target) = (try ImageFixture(), try ImageFixture())
        let images = try ["a", "b"].map {
            ExportedImage(try source.image($0), names: [try ImageReference("example.com/\($0):1")])
        }
        let path = try source.export(images, as: .docker, to: "two.tar")
        for form in [ImageArchiveImporter.Form.oci, .docker] {
            #expect(throws: ExportError.severalImages(["example.com/a:1", "example.com/b:1"])) {
                try target.importer.pick(.only, of: path, as: form, for: amd64)
            }
            let picked = try target.importer.pick(ImageSelector("example.com/b:1"), of: path, as: form, for: amd64)
            #expect(picked.image.configuration == images[1].image.configuration)
        }
    }

    @Test func aDamagedBlobStopsTheExportAndKeepsTheOldFile() throws {
        let fixture = try ImageFixture()
        let image = try fixture.image()
        let path = try fixture.export([ExportedImage(image, names: [])], as: .oci, to: "a.tar")
        let before = try Data(contentsOf: fixture.url("a.tar"))
        let layer = image.document.layers[1]
        let file = fixture.url("state/oci/blobs/sha256/\(layer.digest.hex)")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.removeItem(at: file)
        try bytes.write(to: file)
        #expect(throws: StorageError.self) {
            _ = try fixture.export([ExportedImage(image, names: [])], as: .oci, to: "a.tar")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path.description)) == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: fixture.folder.url.path).sorted() == ["a.tar", "state"]
        )
    }
}

@Suite(.enabled(if: Tool.isInstalled("skopeo"), "skopeo is not installed"))
struct SkopeoTests {
    @Test func skopeoReadsBothFormsOfArchives() throws {
        let fixture = try ImageFixture()
        let image = ExportedImage(try fixture.image(), names: [try ImageReference("example.com/app:1")])
        let oci = try fixture.export([image], as: .oci, to: "oci.tar")
        let docker = try fixture.export([image], as: .docker, to: "docker.tar")
        for name in ["oci-archive:\(oci)", "docker-archive:\(docker)", "oci-archive:\(docker)"] {
            let (status, output) = try fixture.run(["skopeo", "inspect", "--config", name])
            #expect(status == 0, "\(output)")
            #expect(output.contains(#""/app/run""#))
        }
        let inspected = try fixture.run(["skopeo", "inspect", "oci-archive:\(oci)"]).output
        #expect(inspected.contains(image.image.manifest.digest.description))
    }

    @Test func skopeoVerifiesEveryLayer() throws {
        let fixture = try ImageFixture()
        let image = ExportedImage(try fixture.image(), names: [try ImageReference("example.com/app:1")])
        let docker = try fixture.export([image], as: .docker, to: "docker.tar")
        let (status, output) = try fixture.run([
            "skopeo", "copy", "--insecure-policy", "docker-archive:\(docker)", "oci:copy:1",
        ])
        #expect(status == 0, "\(output)")
        let target = try ImageFixture()
        let loaded = try target.importer.pick(ImageSelector("1"), of: fixture.path("copy"), for: amd64)
        #expect(loaded.image.configuration == image.image.configuration)
    }

    @Test func archivesThatSkopeoWritesAreRead() throws {
        let (source, target) = (try ImageFixture(), try ImageFixture())
        let image = try source.image()
        let oci = try source.export([ExportedImage(image, names: [try ImageReference("x:1")])], as: .oci, to: "oci.tar")
        let (status, output) = try source.run([
            "skopeo", "copy", "--insecure-policy", "oci-archive:\(oci)", "docker-archive:old.tar:example.com/app:7",
        ])
        #expect(status == 0, "\(output)")
        let loaded = try target.importer.pick(.only, of: source.path("old.tar"), for: amd64)
        #expect(loaded.names.map(\.canonicalName) == ["example.com/app:7"])
        #expect(loaded.image.configuration == image.configuration)
        #expect(loaded.image.document.layers.map(\.mediaType) == [.layerTar, .layerTar])
        #expect(throws: ExportError.wrongForm(expected: "oci-archive")) {
            try target.importer.pick(.only, of: source.path("old.tar"), as: .oci, for: amd64)
        }
    }

    @Test(.enabled(if: Tool.isInstalled("umoci"), "umoci is not installed"))
    func umociListsAndUnpacksALayout() throws {
        let fixture = try ImageFixture()
        let image = ExportedImage(try fixture.image(), names: [try ImageReference("example.com/app:1")])
        try ImageLayoutExporter(blobs: fixture.blobs).write([image], to: fixture.path("layout"))
        let listed = try fixture.run(["umoci", "ls", "--layout", "layout"])
        #expect(listed.output == "1\n")
        let unpacked = try fixture.run(["umoci", "unpack", "--rootless", "--image", "layout:1", "bundle"])
        #expect(unpacked.status == 0, "\(unpacked.output)")
        #expect(try String(contentsOf: fixture.url("bundle/rootfs/app/name"), encoding: .utf8) == "one")
    }
}
