import OCIModel
import Testing

@Suite struct ImageDocumentTests {
    static let digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    static let config = #"{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(digest)","size":0}"#

    @Test func readsAManifestAndWritesItAgain() throws {
        let manifest = ImageManifest(
            config: Descriptor(mediaType: .imageConfig, content: Array("{}".utf8)),
            layers: [Descriptor(mediaType: .layerTarGzip, content: [1, 2, 3])],
            annotations: [Annotations.created: "2026-01-01T00:00:00Z"]
        )
        let bytes = try CanonicalJSON.encode(manifest)

        #expect(try ImageDocument(bytes, mediaType: .imageManifest) == .manifest(manifest))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"annotations":{"org.opencontainers.image.created":"2026-01-01T00:00:00Z"},"config":{"digest":"#
                + #""sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","mediaType":"#
                + #""application/vnd.oci.image.config.v1+json","size":2},"layers":[{"digest":"#
                + #""sha256:039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81","mediaType":"#
                + #""application/vnd.oci.image.layer.v1.tar+gzip","size":3}],"mediaType":"#
                + #""application/vnd.oci.image.manifest.v1+json","schemaVersion":2}"#
        )
    }

    @Test func readsAnIndexAndWritesItAgain() throws {
        var child = Descriptor(mediaType: .dockerManifest, content: [])
        child.platform = Platform(os: "linux", architecture: "arm", variant: "v7")
        let index = ImageIndex(mediaType: .dockerManifestList, manifests: [child])

        #expect(
            try ImageDocument(CanonicalJSON.encode(index), mediaType: .dockerManifestList) == .index(index)
        )
    }

    static let refused: [(String, MediaType, DocumentError)] = [
        (
            #"{"schemaVersion":2,"manifests":[],"layers":[],"config":\#(config)}"#, MediaType.imageIndex,
            DocumentError.ambiguous("manifests", "layers")
        ),
        (
            #"{"schemaVersion":2,"manifests":[],"layers":[],"config":\#(config)}"#, .imageManifest,
            .ambiguous("layers", "manifests")
        ),
        (#"{"schemaVersion":2,"manifests":[],"config":\#(config)}"#, .imageIndex, .ambiguous("manifests", "config")),
        (
            #"{"schemaVersion":2,"layers":[],"fsLayers":[],"config":\#(config)}"#, .imageManifest,
            .ambiguous("layers", "fsLayers")
        ),
        (
            #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","layers":[],"config":\#(config)}"#,
            .imageManifest, .wrongMediaType(.imageIndex, expected: .imageManifest)
        ),
        (
            #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[],"config":\#(config)}"#,
            .dockerManifest, .wrongMediaType(.imageManifest, expected: .dockerManifest)
        ),
        (
            #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","manifests":[]}"#,
            .imageIndex,
            .wrongMediaType(.imageManifest, expected: .imageIndex)
        ),
        (#"{"schemaVersion":1,"layers":[],"config":\#(config)}"#, .imageManifest, .unknownSchemaVersion(1)),
        (#"{"layers":[],"config":\#(config)}"#, .imageManifest, .missing("schemaVersion")),
        (#"{"schemaVersion":2,"layers":[]}"#, .imageManifest, .missing("config")),
        (
            "{}", MediaType(rawValue: "text/html"),
            .wrongMediaType(MediaType(rawValue: "text/html"), expected: .imageManifest)
        ),
    ]

    @Test(arguments: refused)
    func refusesDocumentsThatCouldBeTakenForAnother(_ text: String, _ type: MediaType, _ error: DocumentError) {
        #expect(throws: error) { try ImageDocument(Array(text.utf8), mediaType: type) }
    }

    @Test(arguments: ["-1", "18446744073709551616", "1.5", "\"1\"", "null"])
    func refusesSizesThatAreNone(_ size: String) {
        let config = #"{"mediaType":"x","digest":"\#(Self.digest)","size":\#(size)}"#
        #expect(throws: DocumentError.self) {
            try ImageDocument(
                Array(#"{"schemaVersion":2,"layers":[],"config":\#(config)}"#.utf8),
                mediaType: .imageManifest
            )
        }
    }

    @Test func aMissingMediaTypeIsFine() throws {
        let text = #"{"schemaVersion":2,"layers":null,"config":\#(Self.config)}"#
        guard case .manifest(let manifest) = try ImageDocument(Array(text.utf8), mediaType: .imageManifest) else {
            Issue.record("a manifest was read as an index")
            return
        }
        #expect(manifest.mediaType == nil)
        #expect(manifest.layers.isEmpty)
    }
}
