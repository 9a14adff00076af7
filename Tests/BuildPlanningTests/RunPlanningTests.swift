import BuildPlanning
import ByteStrings
import OCIModel
import Testing

@Suite("RUN")
struct RunPlanningTests {
    @Test("A lone heredoc is the shell's argument, unexpanded")
    func heredoc() throws {
        let plan = try PlanFixture.plan("FROM busybox\nARG A=1\nRUN <<EOF\necho $A\nEOF\n")
        #expect(plan.execs.first?.arguments == ["/bin/sh", "-c", "echo $A\n"])
        #expect(plan.history.last == "RUN |1 A=1 /bin/sh -c echo $A\n # buildkit")
        #expect(plan.steps.last?.title == "[2/2] RUN <<EOF (echo $A)")
    }

    @Test("A lone heredoc that starts with #! is a program")
    func script() throws {
        let plan = try PlanFixture.plan("FROM busybox\nRUN <<EOF\n#!/bin/awk -f\nBEGIN {}\nEOF\n")
        #expect(plan.execs.first?.arguments == ["/bin/sh", "-c", "/dev/pipes/EOF"])
        #expect(
            plan.execs.first?.scripts == [
                InlineFile(name: "EOF", content: "#!/bin/awk -f\nBEGIN {}\n", permissions: 0o755)
            ]
        )
    }

    @Test("Any other heredoc is left to the shell")
    func shellHeredoc() throws {
        let plan = try PlanFixture.plan("FROM busybox\nRUN cat <<A <<B > /f\na\nA\nb\nB\n")
        #expect(plan.execs.first?.arguments.last == "cat <<A <<B > /f\na\nA\nb\nB")
    }

    @Test("A relative working folder of the base counts from the root")
    func workingDirectory() throws {
        let base = PlanFixture.image("base") { $0.config.workingDirectory = "w" }
        let plan = try PlanFixture.plan("FROM base\nRUN x\n", images: ["base": base])
        #expect(plan.execs.first?.workingDirectory == "/w")
    }

    @Test(
        "--network=default is the network of the build",
        arguments: [
            ("", NetworkMode.host), ("--network=default ", .host), ("--network=none ", .none),
            ("--network=host ", .host),
        ]
    )
    func network(flag: String, expected: NetworkMode) throws {
        let plan = try PlanFixture.plan("FROM busybox\nRUN \(flag)x\n") { $0.defaultNetwork = .host }
        #expect(plan.execs.first?.network == expected)
    }

    @Test("Privileges have to be allowed")
    func entitlements() throws {
        #expect(PlanFixture.failure("FROM busybox\nRUN --security=insecure x\n") != nil)
        #expect(PlanFixture.failure("FROM busybox\nRUN --network=host x\n") != nil)
        let plan = try PlanFixture.plan("FROM busybox\nRUN --security=insecure --network=host x\n") {
            $0.allowsInsecure = true
            $0.allowsHostNetwork = true
        }
        #expect(plan.execs.first?.isInsecure == true)
        #expect(plan.execs.first?.network == .host)
    }

    @Test(
        "Stages that are not to be cached run anew",
        arguments: [
            (true, [], [true, true]), (false, ["A"], [true, false]), (false, [], [false, false]),
        ] as [(Bool, [String], [Bool])]
    )
    func cacheFilter(all: Bool, stages: [String], expected: [Bool]) throws {
        let plan = try PlanFixture.plan("FROM busybox AS a\nRUN x\nFROM a AS b\nRUN y\n") {
            $0.ignoresCache = all
            $0.uncachedStages = Set(stages.map { ByteString($0) })
        }
        let execs = plan.steps.filter { if case .exec = $0.operation { true } else { false } }
        #expect(execs.map(\.ignoresCache) == expected)
    }
}
