import BuildPlanning
import ByteStrings
import OCIModel
import Testing

@testable import BuildSolving

@Suite struct StepScheduleTests {
    /// A plan whose steps have these parents.
    private func plan(_ parents: [Int?]) -> BuildPlan {
        let steps = parents.enumerated().map { index, parent in
            Step(
                id: StepID(index: index),
                operation: .makeDirectory(MakeDirectoryOperation(path: "/a", user: "")),
                parent: parent.map { StepID(index: $0) },
                range: nil,
                stageName: "",
                position: 1,
                count: 1,
                title: "",
                ignoresCache: false
            )
        }
        let image = PlannedImage(
            head: nil,
            base: nil,
            configuration: ImageConfiguration(architecture: "amd64", os: "linux"),
            history: [],
            platform: .current
        )
        return BuildPlan(steps: steps, target: image, warnings: [])
    }

    @Test func independentStepsStartTogether() {
        var schedule = StepSchedule(plan([nil, nil, 0]))
        #expect(schedule.begin().map(\.index) == [0, 1])
    }

    @Test func aStepStartsWhenItsLastInputIsDone() {
        var schedule = StepSchedule(plan([nil, 0, 1]))
        #expect(schedule.begin().map(\.index) == [0])
        #expect(schedule.finished(StepID(index: 0)).map(\.index) == [1])
        #expect(schedule.finished(StepID(index: 1)).map(\.index) == [2])
        #expect(schedule.finished(StepID(index: 2)).isEmpty)
    }

    @Test func aStepThatNeedsOneInputTwiceStartsOnce() {
        var plan = plan([nil, nil])
        plan.steps[1].operation = .exec(
            ExecOperation(
                arguments: ["x"],
                environment: [],
                workingDirectory: "/",
                user: "",
                mounts: (["/a", "/b"] as [ByteString]).map { target in
                    let bind = BindMount(origin: .step(StepID(index: 0)), source: "/", isReadOnly: true)
                    return MountOperation(kind: .bind(bind), target: target)
                }
            )
        )
        var schedule = StepSchedule(plan)
        #expect(schedule.begin().map(\.index) == [0])
        #expect(schedule.finished(StepID(index: 0)).map(\.index) == [1])
    }

    @Test func everyStepOfAWideGraphStartsExactlyOnce() {
        var schedule = StepSchedule(plan([nil] + (1..<200).map { ($0 - 1) / 3 }))
        var started = schedule.begin()
        var next = 0
        while next < started.count {
            started += schedule.finished(started[next])
            next += 1
        }
        #expect(started.map(\.index).sorted() == Array(0..<200))
    }
}
