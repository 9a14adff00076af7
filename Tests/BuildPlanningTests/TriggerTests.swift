import BuildPlanning
import ByteStrings
import OCIModel
import SourceDiagnostics
import Testing

@Suite("ONBUILD")
struct TriggerTests {
    @Test("Triggers of an image may need images, which another round asks for")
    func rounds() throws {
        let request = PlanFixture.request("FROM base\nLABEL a=$X\n")
        let base = PlanFixture.image("base") {
            $0.config.onBuild = ["ENV X=1", "COPY --from=tools /t /t"]
        }
        let baseRequest = ImageRequest(name: "base", platform: PlanFixture.amd64)
        guard case .needsImages(let wanted) = try Planner.plan(request, images: [baseRequest: base]) else {
            Issue.record("the trigger's image was not asked for")
            return
        }
        #expect(wanted.map(\.name) == ["tools"])
        let plan = try PlanFixture.plan(request, images: ["base": base])
        #expect(plan.history == ["ENV X=1", "COPY /t /t # buildkit", "LABEL a=1"])
        #expect(plan.target.configuration.config.onBuild == nil)
    }

    @Test("A broken trigger of an image is blamed on FROM")
    func brokenTrigger() throws {
        let base = PlanFixture.image("base") { $0.config.onBuild = ["NOSUCHINSTR x"] }
        let error = #expect(throws: PlanErrors.self) {
            try PlanFixture.plan("# c\nFROM base\n", images: ["base": base])
        }
        #expect(error?.description.contains("NOSUCHINSTR") == true)
        #expect(error?.diagnostics.first?.range?.start.line == 2)
    }

    @Test("Triggers of a stage run in its child and not in a grandchild")
    func stages() throws {
        let plan = try PlanFixture.plan(
            "FROM scratch AS a\nONBUILD ENV N=${N}x\nFROM a AS b\nLABEL b=$N\nFROM b\nLABEL c=$N\n"
        )
        #expect(plan.history == ["ENV N=x", "LABEL b=x", "LABEL c=x"])
    }

    @Test("A title says that a trigger is one")
    func title() throws {
        let plan = try PlanFixture.plan("FROM busybox AS a\nONBUILD RUN x\nFROM a AS b\n")
        #expect(plan.steps.last?.title == "[b 1/1] ONBUILD RUN x")
    }
}
