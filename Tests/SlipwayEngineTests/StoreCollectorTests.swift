import BuildInterface
import ByteStrings
import ContentStorage
import Foundation
import LinuxSystem
import OCIModel
import StateDatabase
import Testing

@testable import SlipwayEngine

@Suite struct StoreCollectorTests {
    private let dockerfile = "FROM scratch\nCOPY a /a\n"

    @Test func whatANameOrAResultNeedsStays() async throws {
        let fixture = try EngineFixture()
        try fixture.write("a", "1")
        let result = try await fixture.build(dockerfile, tag: "app")
        let before = try fixture.blobs()
        #expect(try StoreCollector(engine: fixture.engine).collect() == [])
        #expect(try fixture.blobs() == before)

        let image = try fixture.engine.image("app")
        let removed = try fixture.engine.remove("app")
        #expect(removed.first == "Untagged: docker.io/library/app:latest")
        // A process that another test starts has a copy of this one's locks until it becomes another program.
        var blobs = removed.count - 1
        for _ in 0..<500 where blobs < 2 {
            blobs += try StoreCollector(engine: fixture.engine).collect().count
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(blobs == 2, "the manifest and the configuration; the layer is the result of a step")
        #expect(try fixture.blobs() == Set(image.manifest.layers.map(\.digest)))
        #expect(throws: ImageFailure.self) { try fixture.engine.image("app") }

        // What is left is whole: the step is found, and the image made again is the same.
        let again = try await fixture.build(dockerfile, tag: "app")
        #expect(again.manifest == result.manifest)
        #expect(again.cachedSteps == again.totalSteps)
    }

    @Test func aSecondNameKeepsTheImage() async throws {
        let fixture = try EngineFixture()
        try fixture.write("a", "1")
        try await fixture.build(dockerfile, tag: "app:1")
        try fixture.engine.tag("app:1", as: try ImageReference("app:2"))
        let before = try fixture.blobs()
        #expect(try fixture.engine.remove("app:1") == ["Untagged: docker.io/library/app:1"])
        #expect(try fixture.blobs() == before)
        #expect(try fixture.engine.images().compactMap(\.name) == ["docker.io/library/app:2"])
    }

    @Test func aDigestTakesAllNames() async throws {
        let fixture = try EngineFixture()
        try fixture.write("a", "1")
        let result = try await fixture.build(dockerfile, tag: "app:1")
        try fixture.engine.tag("app:1", as: try ImageReference("app:2"))
        let removed = try fixture.engine.remove(String(result.manifest.hex.prefix(12)))
        #expect(removed.count { $0.hasPrefix("Untagged") } == 2)
        #expect(try fixture.engine.images().isEmpty)
    }

    @Test func nothingIsCollectedWhileSomebodyUsesTheStore() async throws {
        let fixture = try EngineFixture()
        try fixture.write("a", "1")
        try await fixture.build(dockerfile, tag: "app")
        let before = try fixture.blobs()
        let lock = try fixture.engine.directory.lockForUse()
        #expect(try fixture.engine.remove("app") == ["Untagged: docker.io/library/app:latest"])
        #expect(try fixture.blobs() == before)
        withExtendedLifetime(lock) {}
    }

    @Test func treesThatNothingRecordsGo() async throws {
        let fixture = try EngineFixture()
        let trees = fixture.engine.directory.treesPath
        _ = try OwnedDescriptor.makeDirectories(trees.appendingPath("0123-0/below"), permissions: 0o755)
        _ = try StoreCollector(engine: fixture.engine).collect()
        #expect(try fixture.engine.directory.treeIDs() == [])
    }

    @Test func aDamagedImageIsRemovedAndOthersStay() async throws {
        let fixture = try EngineFixture()
        try fixture.write("a", "1")
        let damaged = try await fixture.build("FROM scratch\nCOPY a /b\n", tag: "damaged")
        try await fixture.build(dockerfile, tag: "app")
        try fixture.engine.directory.blobs.remove(damaged.manifest)
        #expect(try fixture.engine.images().compactMap(\.name) == ["docker.io/library/app:latest"])
        #expect(try fixture.engine.remove("damaged").first == "Untagged: docker.io/library/damaged:latest")
        let image = try fixture.engine.image("app")
        #expect(try fixture.engine.directory.blobs.contains(image.manifest.config.digest))
    }
}
