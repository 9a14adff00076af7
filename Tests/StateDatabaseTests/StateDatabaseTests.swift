import ByteStrings
import FileModel
import Foundation
import OCIModel
@testable import StateDatabase
import TestSupport
import Testing

/// A database in a temporary folder, gone at the end of the test.
struct TemporaryDatabase {
    let folder: TemporaryFolder
    let url: URL
    let path: ByteString

    init() throws {
        folder = try TemporaryFolder()
        url = folder.url.appendingPathComponent("state.db")
        path = ByteString(url.path)
    }

    func open() throws -> StateDatabase {
        try StateDatabase.open(path)
    }
}

/// A digest that stands for a text.
func digest(_ text: String) -> Digest {
    .sha256(of: Array(text.utf8))
}

@Suite struct LayerRecordTests {
    private let blob = Descriptor(mediaType: .layerTarGzip, digest: digest("blob"), size: 1234)
    private let diffID = DiffID(digest("layer"))

    private func record(_ tree: TreeRecord? = nil) -> LayerRecord {
        LayerRecord(diffID: diffID, blob: blob, tree: tree, created: Timestamp(seconds: 1_700_000_000))
    }

    @Test func layersOutliveTheProcess() throws {
        let temporary = try TemporaryDatabase()
        let tree = TreeRecord(id: "a-0", bootID: "boot")
        try temporary.open().save(record(tree))
        let again = try temporary.open()
        #expect(try again.layer(diffID) == record(tree))
        #expect(try again.layer(blob: blob.digest) == record(tree))
        #expect(try again.layers() == [record(tree)])
        #expect(try again.layer(DiffID(digest("other"))) == nil)
        #expect(again.warnings.isEmpty)
    }

    @Test func aNewBlobReplacesTheOldOneButNotTheTree() throws {
        let database = try TemporaryDatabase().open()
        try database.save(record(TreeRecord(id: "a-0", bootID: nil)))
        var other = record(TreeRecord(id: "b-0", bootID: "boot"))
        other.blob = Descriptor(mediaType: .layerTarZstd, digest: digest("zstd"), size: 99)
        try database.save(other)
        let found = try #require(try database.layer(diffID))
        #expect(found.blob == other.blob)
        #expect(found.tree == TreeRecord(id: "a-0", bootID: nil))
        try database.saveIfAbsent(record())
        #expect(try database.layer(diffID)?.blob == other.blob)
        var unknown = record()
        unknown.diffID = DiffID(digest("unknown"))
        try database.saveIfAbsent([record(), unknown])
        #expect(try database.layer(diffID)?.blob == other.blob)
        #expect(try database.layers().count == 2)
    }

    @Test func theFirstTreeWins() throws {
        let database = try TemporaryDatabase().open()
        try database.save(record())
        let (first, second) = (TreeRecord(id: "a-0", bootID: "1"), TreeRecord(id: "b-0", bootID: "2"))
        #expect(try database.record(first, for: diffID) == first)
        #expect(try database.record(second, for: diffID) == first)
        #expect(try database.record(second, for: diffID, replacing: "c-0") == first)
        #expect(try database.record(second, for: diffID, replacing: "a-0") == second)
        #expect(try database.isRecorded(tree: "b-0"))
        #expect(try !database.isRecorded(tree: "a-0"))
        #expect(try database.record(first, for: DiffID(digest("unknown"))) == nil)
    }

    @Test func aFlushedTreeIsTrustedAfterAnyBoot() throws {
        let database = try TemporaryDatabase().open()
        try database.save(record(TreeRecord(id: "a-0", bootID: "then")))
        #expect(try database.layer(diffID)?.tree?.isTrustworthy(during: "now") == false)
        #expect(try database.layer(diffID)?.tree?.isTrustworthy(during: "then") == true)
        try database.markFlushed("a-0")
        #expect(try database.layer(diffID)?.tree?.isTrustworthy(during: "now") == true)
        try database.forgetTree(of: diffID)
        #expect(try database.layer(diffID)?.tree == nil)
    }

    @Test func forgettingALayerForgetsItsResults() throws {
        let database = try TemporaryDatabase().open()
        try database.save(record())
        var result = ResultRecord.example("a")
        result.diffID = diffID
        try database.save(result)
        try database.save(ResultRecord.example("b"))
        try database.forget(layers: [diffID])
        #expect(try database.layers().isEmpty)
        #expect(try database.results() == [ResultRecord.example("b")])
    }
}

extension ResultRecord {
    static func example(_ name: String, used: Int64 = 1_700_000_000) -> ResultRecord {
        ResultRecord(
            definitionKey: digest("definition \(name)"),
            operationKey: digest("operation \(name)"),
            contentKey: digest("content \(name)"),
            diffID: nil,
            epoch: Timestamp(seconds: -5, nanoseconds: 999_999_999),
            inputs: [0, 255, 7],
            description: "[1/2] RUN \(name)",
            durationMilliseconds: 42,
            created: Timestamp(seconds: 1_600_000_000),
            lastUsed: Timestamp(seconds: used)
        )
    }
}

@Suite struct ResultRecordTests {
    @Test func resultsAreFoundByEachOfTheirKeys() throws {
        let temporary = try TemporaryDatabase()
        let example = ResultRecord.example("a")
        try temporary.open().save(example)
        let database = try temporary.open()
        #expect(try database.result(definition: example.definitionKey) == example)
        #expect(try database.result(content: digest("content a")) == example)
        #expect(try database.result(operation: example.operationKey) == example)
        #expect(try database.hasResults(operation: example.operationKey))
        #expect(try !database.hasResults(operation: example.definitionKey))
        #expect(try database.result(definition: example.operationKey) == nil)
    }

    @Test func aResultAndItsLayerAreSavedAsEachAlone() throws {
        let database = try TemporaryDatabase().open()
        let diffID = DiffID(digest("layer"))
        var layer = LayerRecord(
            diffID: diffID,
            blob: Descriptor(mediaType: .layerTarGzip, digest: digest("blob"), size: 7),
            tree: TreeRecord(id: "a-0", bootID: "boot"),
            created: Timestamp(seconds: 1_700_000_000)
        )
        var result = ResultRecord.example("a")
        result.diffID = diffID
        #expect(try database.save(result, with: layer)?.id == "a-0")
        #expect(try database.layer(diffID) == layer)
        #expect(try database.results() == [result])
        layer.tree = TreeRecord(id: "b-0", bootID: "boot")
        layer.blob.size = 8
        result.description = "again"
        #expect(try database.save(result, with: layer)?.id == "a-0")
        #expect(try database.layer(diffID)?.tree?.id == "a-0")
        #expect(try database.layer(diffID)?.blob.size == 8)
        #expect(try database.results() == [result])
    }

    @Test func aLayerIsNotSavedWithoutItsResult() throws {
        let database = try TemporaryDatabase().open()
        let layer = LayerRecord(
            diffID: DiffID(digest("layer")),
            blob: Descriptor(mediaType: .layerTarGzip, digest: digest("blob"), size: 7),
            tree: nil,
            created: Timestamp(seconds: 1_700_000_000)
        )
        try database.access { database in
            try database.run("CREATE TRIGGER no BEFORE INSERT ON results BEGIN SELECT RAISE(ABORT, 'no'); END")
        }
        #expect(throws: StateDatabaseError.self) { try database.save(ResultRecord.example("a"), with: layer) }
        #expect(try database.layers().isEmpty)
        #expect(try database.results().isEmpty)
    }

    @Test func theNewestOfSeveralIsTaken() throws {
        let database = try TemporaryDatabase().open()
        var (old, new) = (ResultRecord.example("old"), ResultRecord.example("new"))
        (old.contentKey, new.contentKey) = (digest("same"), digest("same"))
        (old.operationKey, new.operationKey) = (digest("same"), digest("same"))
        new.created.seconds += 1
        try database.save(new)
        try database.save(old)
        #expect(try database.result(content: digest("same")) == new)
        #expect(try database.result(operation: digest("same")) == new)
    }

    @Test func theSameDefinitionIsKeptOnce() throws {
        let database = try TemporaryDatabase().open()
        var result = ResultRecord.example("a")
        try database.save(result)
        result.contentKey = nil
        result.diffID = DiffID(digest("layer"))
        try database.save(result)
        #expect(try database.results() == [result])
    }

    @Test func useIsRecordedOnceAnHour() throws {
        let database = try TemporaryDatabase().open()
        let result = ResultRecord.example("a", used: 10_000)
        try database.save(result)
        func used(at seconds: Int64) throws -> Int64? {
            try database.markUsed([result.definitionKey, digest("unknown")], at: Timestamp(seconds: seconds))
            return try database.results().first?.lastUsed.seconds
        }
        #expect(try used(at: 13_600) == 10_000)
        #expect(try used(at: 13_601) == 13_601)
        #expect(try used(at: 5) == 13_601)
        #expect(try used(at: .min) == 13_601)
    }

    @Test func forgettingIsSelective() throws {
        let database = try TemporaryDatabase().open()
        for name in ["a", "b"] { try database.save(ResultRecord.example(name)) }
        try database.forget(results: [digest("definition a"), digest("nothing")])
        #expect(try database.results() == [ResultRecord.example("b")])
    }
}

@Suite struct NamedRecordTests {
    private func image(_ name: String, _ content: String) -> ImageRecord {
        ImageRecord(
            name: name,
            manifest: Descriptor(mediaType: .imageManifest, digest: digest(content), size: 7),
            configuration: digest("config"),
            created: Timestamp(seconds: 1)
        )
    }

    @Test func namesMoveAndGo() throws {
        let database = try TemporaryDatabase().open()
        try database.put([image("example.com/b:1", "b"), image("example.com/a:1", "a")])
        try database.put(image("example.com/b:1", "c"))
        #expect(try database.images() == [image("example.com/a:1", "a"), image("example.com/b:1", "c")])
        #expect(try database.image(named: "example.com/b:1") == image("example.com/b:1", "c"))
        #expect(try database.removeImage(named: "example.com/b:1") == image("example.com/b:1", "c"))
        #expect(try database.removeImage(named: "example.com/b:1") == nil)
        #expect(try database.image(named: "example.com/b:1") == nil)
    }

    @Test func archivesAreKnownByAnyBytes() throws {
        let database = try TemporaryDatabase().open()
        let key = ByteString([0, 1, 255, 0])
        #expect(try database.archive(key) == nil)
        try database.saveArchive(key, manifest: digest("m"))
        try database.saveArchive(key + "x", manifest: digest("n"))
        #expect(try database.archive(key) == digest("m"))
        #expect(try database.archiveManifests() == [digest("m"), digest("n")])
        try database.forgetArchives(of: digest("m"))
        #expect(try database.archive(key) == nil)
    }

    @Test(arguments: [0, 1, 5_000_000])
    func statCachesAreKeptWhole(size: Int) throws {
        let temporary = try TemporaryDatabase()
        let data = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let database = try temporary.open()
        #expect(try database.load(key: "context") == nil)
        try database.save(key: "context", [1])
        try database.save(key: "context", data)
        #expect(try temporary.open().load(key: "context") == data)
        #expect(try database.statCacheKeys() == ["context"])
        try database.removeStatCache(key: "context")
        #expect(try database.load(key: "context") == nil)
    }
}
