import ByteStrings
import OCIModel
import SourceDiagnostics
import Testing

@testable import BuildPlanning

@Suite("Named contexts") struct NamedContextTests {
    @Test("A stage in place of another is that stage, by whatever name")
    func stage() throws {
        let dockerfile = """
            FROM scratch AS real
            COPY a /a
            FROM scratch AS double
            COPY no /no
            FROM double
            COPY --from=image /a /b
            COPY --from=1 /a /c
            """
        let plan = try PlanFixture.plan(dockerfile) { request in
            request.contexts = [
                PlanContext(name: "double", kind: .stage("REAL")), PlanContext(name: "image", kind: .stage("double")),
            ]
        }
        let first = try #require(plan.steps.first?.id)
        #expect(plan.copies.map(\.origin) == [.context(nil), .step(first), .step(first)])
        #expect(plan.steps[1].parent == first)
    }

    @Test("The target may be such a stage")
    func target() throws {
        let plan = try PlanFixture.plan("FROM scratch AS a\nCOPY a /\nFROM scratch AS b\nCOPY b /\n") { request in
            request.contexts = [PlanContext(name: "b", kind: .stage("a"))]
            request.target = "b"
        }
        #expect(plan.copies.map(\.sources) == [[.path("a")]])
    }

    @Test(
        "A stage that cannot be had is an error with a way out",
        arguments: [
            ("rael", "did you mean `real`?"), ("late", "stands above"), ("7", "stands above"),
            ("double", "another stage"),
        ]
    )
    func unknownStage(name: String, hint: String) throws {
        let dockerfile = "FROM scratch AS real\nFROM double\nCOPY a /\nFROM scratch AS late\n"
        var request = PlanFixture.request(dockerfile)
        request.contexts = [PlanContext(name: "double", kind: .stage(ByteString(name)))]
        let failure = #expect(throws: PlanErrors.self) { try Planner.plan(request, images: [:]) }
        #expect(failure?.diagnostics.first?.hint?.contains(hint) == true, "\(failure?.diagnostics ?? [])")
        #expect(failure?.diagnostics.first?.range?.start.line == 2)
    }

    @Test("Stages that stand for each other are an error")
    func cycle() throws {
        var request = PlanFixture.request("FROM scratch AS a\nFROM scratch AS b\nFROM scratch\nCOPY --from=a x /\n")
        request.contexts = [PlanContext(name: "a", kind: .stage("b")), PlanContext(name: "b", kind: .stage("a"))]
        #expect(throws: PlanErrors.self) { try Planner.plan(request, images: [:]) }
    }

    @Test("A context of the platform goes before one of all platforms, the last before the first")
    func platform() throws {
        let arm = try Platform("linux/arm64")
        for (platform, expected) in [(arm, "c"), (try Platform("linux/s390x"), "b")] as [(Platform, ByteString)] {
            let plan = try PlanFixture.plan("FROM src\n") { request in
                request.platform = platform
                request.contexts = [
                    PlanContext(name: "src", kind: .image), PlanContext(name: "src", kind: .files("b")),
                    PlanContext(name: "src", platform: arm, kind: .files("c")),
                ]
            }
            #expect(plan.copies.map(\.origin) == [.context(expected)])
        }
    }

    @Test("Nothing in place of an image has no files")
    func nothing() throws {
        let plan = try PlanFixture.plan("FROM busybox\nCOPY --from=busybox / /\n") { request in
            request.contexts = [PlanContext(name: "docker.io/library/busybox", kind: .nothing)]
        }
        #expect(plan.copies.map(\.origin) == [.nothing])
        #expect(plan.steps.first?.parent == nil)
    }

    @Test("The time of the context is a number to everybody", arguments: [12, nil] as [Int64?])
    func time(seconds: Int64?) throws {
        let plan = try PlanFixture.plan(
            "ARG SOURCE_DATE_EPOCH=context\nFROM scratch\nARG SOURCE_DATE_EPOCH\nENV A=$SOURCE_DATE_EPOCH\n"
        ) {
            $0.contextTime = seconds
        }
        #expect(plan.sourceDateEpoch == seconds)
        let value = seconds.map { "\($0)" } ?? ""
        #expect(plan.target.configuration.config.environment?.contains("A=\(value)") == true)
    }
}
