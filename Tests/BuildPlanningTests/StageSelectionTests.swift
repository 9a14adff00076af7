import BuildPlanning
import ByteStrings
import OCIModel
import SourceDiagnostics
import Testing

@Suite("Stages, images and contexts")
struct StageSelectionTests {
    @Test("Only what the target needs is planned, and only its images are asked for")
    func pruning() throws {
        let request = PlanFixture.request(
            """
            FROM unused:1 AS unused
            RUN exit 1
            FROM tools:2 AS tools
            RUN make
            FROM scratch
            COPY --from=tools /x /x
            """
        )
        guard case .needsImages(let wanted) = try Planner.plan(request, images: [:]) else {
            Issue.record("the image of a needed stage was not asked for")
            return
        }
        #expect(wanted.map(\.name) == ["tools:2"])
        #expect(try PlanFixture.plan(request).steps.count == 3)
    }

    @Test(
        "The target is found by name in any case, by number, and is the last otherwise",
        arguments: [
            ("ONE", ["a=1"]), ("1", ["b=1"]), (nil, ["c=1"]),
        ] as [(String?, [String])]
    )
    func target(name: String?, labels: [String]) throws {
        let plan = try PlanFixture.plan(
            "FROM scratch AS One\nLABEL a=1\nFROM scratch\nLABEL b=1\nFROM scratch\nLABEL c=1\n"
        ) { $0.target = name.map { ByteString($0) } }
        #expect(plan.target.configuration.config.labels?.map { "\($0.key)=\($0.value)" } == labels)
    }

    @Test("An unknown target is an error with the nearest name")
    func unknownTarget() throws {
        let failure = try #require(PlanFixture.failure("FROM scratch AS build\nLABEL a=1\n") { $0.target = "biuld" })
        #expect(failure.diagnostics.first?.message.contains("biuld") == true)
        #expect(failure.diagnostics.first?.hint?.contains("build") == true)
    }

    @Test("FROM compares names as written, --from in any case of letters")
    func letterCase() throws {
        let plan = try PlanFixture.plan("FROM scratch AS Base\nCOPY f /f\nFROM scratch\nCOPY --from=BASE /f /g\n")
        #expect(plan.copies.last?.origin == .step(StepID(index: 0)))
        let failure = try #require(PlanFixture.failure("FROM scratch AS base\nFROM Base\n"))
        #expect(failure.description.contains("`Base`"))
    }

    @Test("Of two stages with one name the later counts from there on")
    func duplicateName() throws {
        let plan = try PlanFixture.plan(
            "FROM scratch AS s\nCOPY f /1\nFROM scratch AS s\nCOPY f /2\nFROM scratch\nCOPY --from=s / /\n"
        )
        #expect(plan.copies.map(\.destination) == ["/2", "/"])
    }

    @Test("Stages that need one another are named")
    func cycle() throws {
        let failure = try #require(
            PlanFixture.failure("FROM scratch AS a\nCOPY --from=b /x /x\nFROM scratch AS b\nCOPY --from=a /x /x\n")
        )
        #expect(failure.description.contains("circular"))
        #expect(failure.description.contains("`a` needs `b` needs `a`"))
        #expect(failure.diagnostics.first?.range?.start.line == 4)
    }

    @Test("Two thousand stages in a row are no deep recursion")
    func longChain() throws {
        var text = "FROM scratch AS s0\nCOPY f /\n"
        for number in 1...2_000 { text += "FROM scratch AS s\(number)\nCOPY --from=s\(number - 1) / /\n" }
        #expect(try PlanFixture.plan(text).steps.count == 2_001)
    }

    @Test("A later stage cannot be copied from")
    func forwardReference() throws {
        let failure = try #require(
            PlanFixture.failure("FROM scratch AS one\nCOPY --from=two /f /f\nFROM scratch AS two\nFROM one\n")
        )
        #expect(failure.description.contains("two"))
        #expect(failure.description.contains("needs to be defined before"))
    }

    @Test(
        "A context stands in for a stage and for an image under any spelling",
        arguments: [
            "s", "busybox", "docker.io/library/busybox:latest", "busybox:latest",
        ]
    )
    func namedFolder(name: String) throws {
        let plan = try PlanFixture.plan(
            "FROM busybox AS s\nCOPY nosuchfile /\nFROM scratch\nCOPY --from=\(name == "s" ? "s" : "busybox") / /\n"
        ) { $0.contexts = [PlanContext(name: ByteString(name), kind: .files(ByteString(name)))] }
        #expect(plan.copies.last?.origin == .context(ByteString(name)))
        #expect(plan.steps.count == 1)
    }

    @Test("FROM a folder starts from its files")
    func fromFolder() throws {
        let plan = try PlanFixture.plan("FROM data\nCOPY --from=data a /b\n") {
            $0.contexts = [PlanContext(name: "data", kind: .files("data"))]
        }
        #expect(plan.copies.map(\.origin) == [.context("data"), .context("data")])
        #expect(plan.copies.first?.sources == [.path("/")])
        #expect(plan.target.base == nil)
    }

    @Test("A context image of a stage's name is asked for by that name")
    func contextImage() throws {
        let request = PlanFixture.request("FROM scratch AS s\nCOPY nosuchfile /f\nFROM s\nLABEL a=1\n")
        var changed = request
        changed.contexts = [PlanContext(name: "s", kind: .image)]
        guard case .needsImages(let wanted) = try Planner.plan(changed, images: [:]) else {
            Issue.record("the context was ignored")
            return
        }
        #expect(wanted.map(\.name) == ["s"])
    }

    @Test("One image that several stages start from is one step")
    func sharedImage() throws {
        let plan = try PlanFixture.plan("FROM busybox AS a\nRUN x\nFROM busybox\nCOPY --from=a / /\n")
        let images = plan.steps.filter { if case .image = $0.operation { true } else { false } }
        #expect(images.count == 1)
    }

    @Test("An image without layers is no step, yet its configuration counts")
    func emptyImage() throws {
        let base = PlanFixture.image("base") {
            $0.rootfs = RootFS(diffIDs: [])
            $0.config.environment = ["A=1"]
        }
        let plan = try PlanFixture.plan("FROM base\nENV B=$A\n", images: ["base": base])
        #expect(plan.target.head == nil)
        #expect(plan.target.base == base)
        #expect(plan.target.configuration.config.environment == ["A=1", PlanFixture.path, "B=1"])
    }

    @Test("The platform of a stage is what its image is asked for")
    func platform() throws {
        let request = PlanFixture.request("FROM --platform=linux/arm64 a AS a\nFROM b\nCOPY --from=a / /\n")
        guard case .needsImages(let wanted) = try Planner.plan(request, images: [:]) else {
            Issue.record("no image was asked for")
            return
        }
        #expect(wanted.map(\.platform.architecture) == ["arm64", "amd64"])
    }
}
