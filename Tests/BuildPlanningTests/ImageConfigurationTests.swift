import BuildPlanning
import ByteStrings
import OCIModel
import Testing

@Suite("Image configuration")
struct ImageConfigurationTests {
    @Test(
        "Setting ENTRYPOINT clears a CMD the stage did not set itself",
        arguments: [
            ("ENTRYPOINT [\"e\"]", nil), ("CMD [\"c\"]\nENTRYPOINT [\"e\"]", ["c"]),
            ("ENTRYPOINT [\"e\"]\nCMD [\"c\"]", ["c"]), ("LABEL a=1", ["sh"]),
        ] as [(String, [String]?)]
    )
    func entrypointReset(instructions: String, cmd: [String]?) throws {
        let plan = try PlanFixture.plan("FROM busybox\n\(instructions)\n")
        #expect(plan.target.configuration.config.cmd == cmd)
    }

    @Test("SHELL wraps what comes after it")
    func shell() throws {
        let plan = try PlanFixture.plan("FROM busybox\nRUN a\nSHELL [\"/bin/bash\", \"-ec\"]\nRUN b\nCMD c d\n")
        #expect(plan.execs.map(\.arguments) == [["/bin/sh", "-c", "a"], ["/bin/bash", "-ec", "b"]])
        #expect(plan.target.configuration.config.cmd == ["/bin/bash", "-ec", "c d"])
        #expect(plan.history.last == #"CMD ["/bin/bash" "-ec" "c d"]"#)
    }

    @Test("A base without PATH gets one")
    func defaultPath() throws {
        let base = PlanFixture.image("base") { $0.config.environment = ["A=1"] }
        let plan = try PlanFixture.plan("FROM base\n", images: ["base": base])
        #expect(plan.target.configuration.config.environment == ["A=1", PlanFixture.path])
    }

    @Test("ENV replaces in place")
    func environmentOrder() throws {
        let plan = try PlanFixture.plan("FROM scratch\nENV a=1 b=2\nENV a=3\n")
        #expect(plan.target.configuration.config.environment == [PlanFixture.path, "a=3", "b=2"])
    }

    @Test("Labels of the command line come last and leave no history")
    func commandLineLabels() throws {
        let plan = try PlanFixture.plan("FROM scratch\nLABEL a=1 b=2\n") { $0.labels = [("b", "cli"), ("c", "")] }
        #expect(plan.target.configuration.config.labels == ["a": "1", "b": "cli", "c": ""])
        #expect(plan.history == ["LABEL a=1 b=2"])
    }

    @Test(
        "WORKDIR joins, cleans what it joins, and makes a folder for USER",
        arguments: [
            (["/a", "b", "../c"], ["/a", "/a/b", "/a/c"]), (["a/b"], ["/a/b"]),
            (["//a///b/", "c"], ["//a///b/", "/a/b/c"]),
            (["/a", ".."], ["/a", "/"]),
        ]
    )
    func workdir(written: [String], recorded: [String]) throws {
        let lines = written.map { "WORKDIR \($0)" }.joined(separator: "\n")
        let plan = try PlanFixture.plan("FROM scratch\nUSER 7\n\(lines)\n")
        #expect(plan.history == ["USER 7"] + recorded.map { "WORKDIR \($0)" })
        #expect(plan.target.configuration.config.workingDirectory == recorded.last)
        #expect(plan.steps.count == recorded.filter { $0 != "/" }.count)
        #expect(
            plan.steps.allSatisfy { step in
                guard case .makeDirectory(let directory) = step.operation else { return false }
                return directory.user == "7" && directory.path == directory.path.lexicallyCleanedAbsolute
            }
        )
    }

    @Test("The base image's own settings stay unless set")
    func inheritance() throws {
        let base = PlanFixture.image("base") {
            $0.author = "me"
            $0.config.user = "5"
            $0.config.exposedPorts = ["80/tcp"]
            $0.config.volumes = ["/v"]
        }
        let plan = try PlanFixture.plan("FROM base\nEXPOSE 81\nVOLUME /w\nRUN x\n", images: ["base": base])
        let config = plan.target.configuration.config
        #expect(config.exposedPorts == ["80/tcp", "81/tcp"])
        #expect(config.volumes == ["/v", "/w"])
        #expect(plan.execs.first?.user == "5")
        #expect(plan.target.configuration.author == "me")
    }
}
