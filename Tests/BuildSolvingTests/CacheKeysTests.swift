import BuildPlanning
import ByteStrings
import FileModel
import LayerSnapshots
import OCIModel
import Testing

@testable import BuildSolving

@Suite struct CacheKeysTests {
    private let one = Digest.sha256(of: Array("1".utf8))
    private let two = Digest.sha256(of: Array("2".utf8))

    @Test func everyKindOfKeyOfTheSamePartsIsAnother() {
        let keys = [
            CacheKeys.definition(operation: one, inputs: [two]), CacheKeys.content(operation: one, inputs: [two]),
            CacheKeys.result(definition: one, inputs: [two]), CacheKeys.image(one),
            CacheKeys.layer(DiffID(two), upon: CacheKeys.layer(DiffID(one), upon: CacheKeys.noLayers)),
        ]
        #expect(Set(keys).count == keys.count)
    }

    @Test func orderAndNumberOfInputsCount() {
        let keys = [[], [one], [two], [one, two], [two, one], [one, one]].map {
            CacheKeys.definition(operation: one, inputs: $0)
        }
        #expect(Set(keys).count == keys.count)
    }

    @Test func theSelectionIsPartOfTheOperation() {
        let step = Step(0, .copying("a", to: "/a"))
        let keys = [nil, one, two].map { CacheKeys.operation(step, selection: $0) }
        #expect(Set(keys).count == keys.count)
    }

    @Test func whatIsShownOfAStepIsNoPartOfIt() {
        var other = Step(0, .copying("a", to: "/a"))
        other.title = "another"
        other.position = 7
        other.ignoresCache = true
        let step = Step(0, .copying("a", to: "/a"))
        #expect(CacheKeys.operation(step, selection: one) == CacheKeys.operation(other, selection: one))
    }

    @Test(arguments: [
        (false, nil, true), (true, nil, false), (true, "1000:1000", false), (true, "app", true),
        (true, "0:staff", true),
    ])
    func aLinkDependsOnItsParentForNamesAlone(_ isLink: Bool, _ owner: String?, _ depends: Bool) {
        let copy = Operation.copying("a", to: "/a", isLink: isLink, owner: owner.map { ByteString($0) })
        #expect(copy.dependsOnParent == depends)
        let layer = PackedLayer(diffID: DiffID(one), blob: Descriptor(mediaType: .layerTarGzip, digest: two, size: 1))
        let parent = Snapshot(layers: [SnapshotLayer(layer)], epoch: .epoch)
        let results = [StepID(index: 0): StepResult(definition: one, snapshot: parent, isCached: true)]
        let inputs = StepInputs(step: Step(1, copy, parent: 0), results: results)
        #expect(inputs.deciding(Step(1, copy, parent: 0)).count == (depends ? 1 : 0))
    }

    @Test func aFileSystemHasNoDigestWhileALayerIsPacked() async throws {
        let packing = Promise<PackedLayer>()
        let snapshot = Snapshot(layers: [SnapshotLayer(packing: packing)], epoch: .epoch)
        #expect(snapshot.settledContentDigest == nil)
        let blob = Descriptor(mediaType: .layerTarGzip, digest: two, size: 1)
        packing.settle(.success(PackedLayer(diffID: DiffID(one), blob: blob)))
        #expect(snapshot.settledContentDigest == CacheKeys.layer(DiffID(one), upon: CacheKeys.noLayers))
        #expect(try await snapshot.contentDigest() == snapshot.settledContentDigest)
    }
}
