import BuildPlanning
import FileModel
import OCIModel
import Testing

@testable import SlipwayEngine

@Suite struct ImageHistoryTests {
    private let digest = Digest.sha256(of: [])

    private func plan(_ base: ImageConfiguration?, _ history: [PlannedHistory]) -> BuildPlan {
        let image = PlannedImage(
            head: nil,
            base: base.map { ResolvedImage(manifest: digest, configuration: $0) },
            configuration: ImageConfiguration(architecture: "amd64", os: "linux"),
            history: history,
            platform: .current
        )
        return BuildPlan(steps: [], target: image)
    }

    private func base(layers: Int, _ history: [History]) -> ImageConfiguration {
        var base = ImageConfiguration(created: "2020-01-01T00:00:00Z", architecture: "amd64", os: "linux")
        base.rootfs.diffIDs = (0..<layers).map { DiffID(.sha256(of: [UInt8($0)])) }
        base.history = history
        return base
    }

    @Test func entriesCarryTheTimeOfTheLastStepBeforeThem() {
        let first = StepID(index: 0)
        let planned = [
            PlannedHistory(createdBy: "ENV", step: nil), PlannedHistory(createdBy: "COPY", step: first),
            PlannedHistory(createdBy: "CMD", step: nil),
        ]
        let entries = ImageHistory.entries(
            of: plan(base(layers: 0, []), planned),
            epochs: [first: Timestamp(seconds: 1_700_000_000)],
            latest: nil
        )
        #expect(entries.map(\.createdBy) == ["ENV", "COPY", "CMD"])
        #expect(entries.map(\.emptyLayer) == [true, false, true])
        #expect(
            entries.map(\.created) == ["2020-01-01T00:00:00Z", "2023-11-14T22:13:20Z", "2023-11-14T22:13:20Z"]
        )
    }

    @Test func theSourceDateEpochIsTheTimeOfAllOwnEntries() {
        let own = [PlannedHistory(createdBy: "CMD", step: nil)]
        let known = [History(created: "2019-01-01T00:00:00Z", createdBy: "base")]
        let entries = ImageHistory.entries(
            of: plan(base(layers: 1, known), own),
            epochs: [:],
            latest: Timestamp(seconds: 0)
        )
        #expect(entries.map(\.created) == ["2019-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
    }

    @Test(arguments: [0, 1, 3]) func aBaseWhoseHistoryDoesNotMatchItsLayersGetsOneThatDoes(_ told: Int) {
        let history = (0..<told).map { _ in History(created: nil, createdBy: "x") }
        let entries = ImageHistory.entries(of: plan(base(layers: 2, history), []), epochs: [:], latest: nil)
        #expect(entries.count { !$0.emptyLayer } == 2)
    }

    @Test func scratchHasNoHistory() {
        #expect(ImageHistory.entries(of: plan(nil, []), epochs: [:], latest: nil).isEmpty)
    }
}
