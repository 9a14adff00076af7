import BuildPlanning
import ByteStrings
import SourceDiagnostics
import Testing

@Suite("What a Dockerfile offers and asks for")
struct OutlineTests {
    static let dockerfile = """
        # VERSION of the compiler
        ARG VERSION=1.2
        ARG UNDESCRIBED
        FROM busybox:$VERSION AS base
        ARG FLAGS="-O2 $VERSION"
        RUN --mount=type=cache,target=/cache --mount=type=secret,id=token,required x

        # build compiles everything
        FROM base AS build
        # VERSION once more
        ARG VERSION
        ENV KIND=release
        ARG NAME=${KIND}-x
        RUN --mount=type=secret,id=token --mount=type=ssh --mount=type=secret,target=/run/key x
        FROM --platform=linux/arm64 scratch AS other
        ARG UNSEEN=1
        # default comes last
        FROM scratch
        COPY --from=build /x /x
        """

    @Test func targetsAreTheStagesInTheirOrder() throws {
        let targets = try Planner.targets(PlanFixture.request(Self.dockerfile)).targets
        #expect(targets.map(\.name) == ["base", "build", "other", nil])
        #expect(targets.map(\.isDefault) == [false, false, false, true])
        #expect(targets.map(\.description) == [nil, "compiles everything", nil, nil])
        #expect(targets.map(\.base) == ["busybox:1.2", "base", "scratch", "scratch"])
        #expect(targets.map(\.platform) == [nil, nil, "linux/arm64", nil])
        #expect(targets.map { $0.range?.start.line } == [4, 9, 15, 18])
    }

    @Test func anOutlineHasWhatTheTargetTakesFromOutside() throws {
        let outline = try Planner.outline(PlanFixture.request(Self.dockerfile))
        #expect(outline.name == nil)
        #expect(outline.arguments.map(\.name) == ["VERSION", "UNDESCRIBED", "FLAGS", "NAME"])
        #expect(outline.arguments.map(\.value) == ["1.2", nil, "-O2 ", "release-x"])
        #expect(outline.arguments.map(\.description) == ["of the compiler", nil, nil, nil])
        #expect(outline.secrets.map(\.id) == ["token", "key"])
        #expect(outline.secrets.map(\.isRequired) == [true, false])
        #expect(outline.agents.map(\.id) == ["default"])
        #expect(outline.caches.map(\.id) == ["/cache"])
    }

    @Test func anOutlineIsOfTheTargetAskedFor() throws {
        var request = PlanFixture.request(Self.dockerfile)
        request.target = "build"
        request.buildArguments = [PlanArgument(name: "NAME", value: "given")]
        let outline = try Planner.outline(request)
        #expect(outline.name == "build")
        #expect(outline.description == "compiles everything")
        #expect(outline.arguments.first { $0.name == "NAME" }?.value == "given")
        #expect(!outline.arguments.contains { $0.name == "UNSEEN" })
    }

    @Test func whatCannotBePlannedIsAnError() {
        #expect(throws: PlanErrors.self) { try Planner.targets(PlanFixture.request("FROM $NO\n")) }
        #expect(throws: PlanErrors.self) { try Planner.outline(PlanFixture.request("FROM a\nENV A=${B\n")) }
    }
}
