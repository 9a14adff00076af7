import ByteStrings
import ContentStorage
import FileModel
import Foundation
import ImageExport
import LayerSnapshots
import OCIModel
import TarArchive
import Testing

@Suite struct HostileArchiveTests {
    /// The members of a sound archive, to be spoiled.
    private struct Members {
        var list: [(ByteString, [UInt8])]
        let image: AssembledImage

        init() throws {
            let fixture = try ImageFixture()
            image = try fixture.image()
            list = try image.blobs.map { blob in
                (ByteString("blobs/sha256/\(blob.digest.hex)"), try fixture.blobs.readAll(blob.digest))
            }
            list.append(("oci-layout", OCILayoutIndex.layoutFile))
            list.append(("index.json", try CanonicalJSON.encode(ImageIndex(manifests: [image.manifest]))))
        }

        mutating func replace(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
            let index = try #require(list.firstIndex { $0.0 == ByteString(path) })
            change(&list[index].1)
        }

        mutating func add(_ bytes: [UInt8]) -> Descriptor {
            let descriptor = Descriptor(mediaType: .imageManifest, content: bytes)
            list.append((ByteString("blobs/sha256/\(descriptor.digest.hex)"), bytes))
            return descriptor
        }

        /// Puts another manifest in place of the image's.
        mutating func setManifest(_ bytes: [UInt8]) throws {
            let descriptor = add(bytes)
            try replace("index.json") { $0 = (try? CanonicalJSON.encode(ImageIndex(manifests: [descriptor]))) ?? [] }
        }
    }

    /// Loading must fail, and leave the store as empty as it was.
    private func refuse(
        _ members: Members,
        _ location: SourceLocation = #_sourceLocation,
        where isExpected: (any Error) -> Bool = { _ in true }
    ) throws {
        let fixture = try ImageFixture()
        let path = try fixture.archive(members.list, to: "hostile.tar")
        do {
            _ = try fixture.importer.load(path, for: amd64)
            Issue.record("the archive was accepted", sourceLocation: location)
        } catch {
            #expect(isExpected(error), "\(error)", sourceLocation: location)
        }
        #expect(try fixture.blobs.list().isEmpty, sourceLocation: location)
    }

    @Test func theSoundArchiveIsAccepted() throws {
        let fixture = try ImageFixture()
        let members = try Members()
        let path = try fixture.archive(members.list, to: "sound.tar")
        #expect(try fixture.importer.load(path, for: amd64).map(\.image) == [members.image])
    }

    @Test(arguments: 0..<4)
    func otherBytesThanTheDigestAreRefused(blob: Int) throws {
        for change in [{ $0[$0.count / 2] ^= 1 }, { $0.removeLast() }, { $0.append(0) }, { $0 = [] }]
            as [(inout [UInt8]) -> Void]
        {
            var members = try Members()
            try members.replace("blobs/sha256/\(members.image.blobs[blob].digest.hex)", change)
            try refuse(members) { error in
                if case StorageError.wrongDigest? = error as? StorageError { true } else { false }
            }
        }
    }

    @Test(arguments: 0..<4)
    func aMissingBlobIsNamed(blob: Int) throws {
        var members = try Members()
        let path = ByteString("blobs/sha256/\(members.image.blobs[blob].digest.hex)")
        members.list.removeAll { $0.0 == path }
        try refuse(members) { $0 as? ExportError == .missingMember(path) }
    }

    @Test func aSizeThatLiesIsRefused() throws {
        var members = try Members()
        var document = members.image.document
        document.layers[0].size += 1
        let layer = document.layers[0]
        try members.setManifest(try CanonicalJSON.encode(document))
        try refuse(members) {
            $0 as? StorageError == .wrongSize(layer.digest, expected: layer.size, actual: layer.size - 1)
        }
    }

    @Test func layersThatTheConfigurationDoesNotNameAreRefused() throws {
        var members = try Members()
        var document = members.image.document
        document.layers.swapAt(0, 1)
        let diffIDs = members.image.layers.map(\.diffID)
        try members.setManifest(try CanonicalJSON.encode(document))
        try refuse(members) {
            $0 as? ExportError == .wrongDiffID(expected: diffIDs[0], actual: diffIDs[1])
        }
        document.layers.removeLast()
        try members.setManifest(try CanonicalJSON.encode(document))
        try refuse(members) { $0 as? ExportError == .layerCount(layers: 1, expected: 2) }
    }

    @Test func aCompressedLayerThatPassesForAPlainOneIsRefused() throws {
        var members = try Members()
        var document = members.image.document
        document.layers[0].mediaType = .layerTar
        try members.setManifest(try CanonicalJSON.encode(document))
        try refuse(members) { if case .wrongDiffID? = $0 as? ExportError { true } else { false } }
    }

    @Test func unknownTypesAreRefused() throws {
        var members = try Members()
        var document = members.image.document
        document.layers[0].mediaType = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+encrypted")
        let type = document.layers[0].mediaType
        try members.setManifest(try CanonicalJSON.encode(document))
        try refuse(members) { $0 as? ExportError == .unknownLayer(type) }
        document = members.image.document
        document.config.mediaType = MediaType(rawValue: "application/vnd.cncf.helm.config.v1+json")
        try members.setManifest(try CanonicalJSON.encode(document))
        try refuse(members) { $0 as? ExportError == .notAnImage(document.config.mediaType) }
    }

    @Test func documentsOfTwoKindsAreRefused() throws {
        var members = try Members()
        let manifest = try CanonicalJSON.encode(members.image.document)
        let both = Array(#"{"manifests":[],"#.utf8) + manifest.dropFirst()
        try members.setManifest(both)
        try refuse(members) { if case .badDocument? = $0 as? ExportError { true } else { false } }
        let twice = Array(#"{"layers":[],"#.utf8) + manifest.dropFirst()
        try members.setManifest(twice)
        try refuse(members) { if case .badDocument? = $0 as? ExportError { true } else { false } }
    }

    @Test(arguments: ["", "{", "[]", "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:../../etc/passwd\"}]}"])
    func aDamagedIndexIsRefused(text: String) throws {
        var members = try Members()
        try members.replace("index.json") { $0 = Array(text.utf8) }
        try refuse(members) { if case .badDocument("index.json", _)? = $0 as? ExportError { true } else { false } }
    }

    @Test func aHugeOrDeepIndexIsRefused() throws {
        var members = try Members()
        for text in [
            String(repeating: " ", count: 5 << 20),
            String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000),
        ] {
            try members.replace("index.json") { $0 = Array(text.utf8) }
            try refuse(members) { if case .badDocument("index.json", _)? = $0 as? ExportError { true } else { false } }
        }
    }

    @Test func indexesThatLeadInCirclesEnd() throws {
        var members = try Members()
        var inner = try CanonicalJSON.encode(ImageIndex(manifests: [members.image.manifest]))
        for _ in 0..<6 {
            var descriptor = members.add(inner)
            descriptor.mediaType = .imageIndex
            inner = try CanonicalJSON.encode(ImageIndex(manifests: [descriptor]))
        }
        try members.replace("index.json") { $0 = inner }
        try refuse(members) { if case .badDocument("index.json", _)? = $0 as? ExportError { true } else { false } }
    }

    @Test(arguments: ["/etc/passwd", "../outside", "blobs/../../outside"])
    func namesThatLeadOutsideAreRefused(name: String) throws {
        let fixture = try ImageFixture()
        try Data("x".utf8).write(to: fixture.url("x"))
        let members = try Members()
        _ = try fixture.archive(members.list, to: "hostile.tar")
        let added = try fixture.run([
            "tar", "-P", "-rf", "hostile.tar", "--transform", "s#^x$#\(name)#", "x",
        ])
        #expect(added.status == 0, "\(added.output)")
        #expect(throws: ExportError.hostileName(ByteString(name))) {
            try fixture.importer.load(fixture.path("hostile.tar"), for: amd64)
        }
        #expect(try fixture.blobs.list().isEmpty)
    }

    @Test func aMemberThatIsThereTwiceIsRefused() throws {
        var members = try Members()
        members.list.append(("./index.json", Array("{}".utf8)))
        try refuse(members) { $0 as? ExportError == .repeatedName("index.json") }
    }

    @Test func linksThatLeadNowhereAreRefused() throws {
        let fixture = try ImageFixture()
        for (name, target) in [("a", "b"), ("b", "a")] {
            try FileManager.default.createSymbolicLink(
                atPath: fixture.url(name).path,
                withDestinationPath: target
            )
        }
        let manifest = #"[{"Config":"a","Layers":[]}]"#
        try Data(manifest.utf8).write(to: fixture.url("manifest.json"))
        try fixture.run(["tar", "-cf", "links.tar", "manifest.json", "a", "b"])
        #expect(throws: ExportError.danglingLink("a")) {
            try fixture.importer.load(fixture.path("links.tar"), for: amd64)
        }
    }

    @Test func aDockerManifestCannotReachOutside() throws {
        let fixture = try ImageFixture()
        let manifest = #"[{"Config":"../../../etc/passwd","Layers":[]}]"#
        let path = try fixture.archive([("manifest.json", Array(manifest.utf8))], to: "a.tar")
        #expect(throws: ExportError.hostileName("../../../etc/passwd")) { try fixture.importer.load(path, for: amd64) }
    }

    @Test func aConfigurationUnderAForeignDigestIsRefused() throws {
        let fixture = try ImageFixture()
        let name = String(repeating: "a", count: 64) + ".json"
        let path = try fixture.archive(
            [
                ("manifest.json", Array(#"[{"Config":"\#(name)","Layers":[]}]"#.utf8)),
                (ByteString(name), Array(#"{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]}}"#.utf8)),
            ],
            to: "a.tar"
        )
        #expect(throws: StorageError.self) { try fixture.importer.load(path, for: amd64) }
        #expect(try fixture.blobs.list().isEmpty)
    }

    @Test func whatIsNoImageIsSaidToBeNone() throws {
        let fixture = try ImageFixture()
        let path = try fixture.archive([("readme", Array("hello".utf8))], to: "a.tar")
        #expect(throws: ExportError.notAnImageArchive) { try fixture.importer.load(path, for: amd64) }
        try Data("no tar".utf8).write(to: fixture.url("b.tar"))
        #expect(throws: ArchiveError.self) { try fixture.importer.load(fixture.path("b.tar"), for: amd64) }
    }

    @Test func linksInALayoutFolderAreNotFollowed() throws {
        let (source, target) = (try ImageFixture(), try ImageFixture())
        let image = try source.image()
        try ImageLayoutExporter(blobs: source.blobs).write([ExportedImage(image, names: [])], to: source.path("layout"))
        let blob = source.url("layout/blobs/sha256/\(image.document.config.digest.hex)")
        try FileManager.default.moveItem(at: blob, to: source.url("elsewhere"))
        try FileManager.default.createSymbolicLink(at: blob, withDestinationURL: source.url("elsewhere"))
        #expect(throws: (any Error).self) { try target.importer.load(source.path("layout"), for: amd64) }
        #expect(try target.blobs.list().isEmpty)
    }
}
