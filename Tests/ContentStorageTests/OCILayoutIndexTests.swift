import ContentStorage
import Foundation
import OCIModel
import Testing

@Suite struct OCILayoutIndexTests {
    @Test func namesAreAnnotationsThatToolsKnow() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let blob = try temporary.state.blobs.put(Array("{}".utf8), in: session)
        let manifest = Descriptor(mediaType: .imageManifest, digest: blob.digest, size: blob.size)
        try OCILayoutIndex(temporary.state).write(
            [
                LayoutImage(manifest: manifest, name: try ImageReference("example.com/app:1.2")),
                LayoutImage(manifest: manifest, name: nil),
            ],
            in: session
        )
        let index = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: temporary.url("oci/index.json"))) as? [String: Any]
        )
        let manifests = try #require(index["manifests"] as? [[String: Any]])
        #expect(manifests.count == 2)
        #expect(
            manifests[0]["annotations"] as? [String: String] == [
                "io.containerd.image.name": "example.com/app:1.2", "org.opencontainers.image.ref.name": "1.2",
            ]
        )
        #expect(manifests[1]["annotations"] == nil)
        #expect(manifests[1]["digest"] as? String == blob.digest.description)
    }
}
