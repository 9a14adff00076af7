import BuildPlanning
import ByteStrings
import OCIModel
import SourceDiagnostics
import Testing

@Suite("Variables")
struct VariableTests {
    /// A Dockerfile, build arguments, and the label `v` it must end with.
    static let values: [(String, [(String, String)], String)] = [
        ("FROM scratch\nLABEL v=[$NONE]", [], "[]"),
        ("ARG A=1\nFROM scratch\nLABEL v=[$A]", [], "[]"),
        ("ARG A=1\nFROM scratch\nARG A\nLABEL v=[$A]", [], "[1]"),
        ("ARG A=1\nFROM scratch\nARG A=2\nLABEL v=[$A]", [], "[2]"),
        ("ARG A=1\nFROM scratch\nARG A=2\nLABEL v=[$A]", [("A", "3")], "[3]"),
        ("FROM scratch\nLABEL v=[$A]", [("A", "3")], "[]"),
        ("FROM scratch\nARG A=1 B=$A-2\nLABEL v=$B", [], "1-2"),
        ("FROM scratch\nENV A=1\nENV A=2 B=$A\nLABEL v=$A$B", [], "21"),
        ("FROM scratch\nENV A=env\nARG A=arg\nLABEL v=$A", [], "arg"),
        ("FROM scratch\nARG A=arg\nENV A=env\nLABEL v=$A", [("A", "cli")], "env"),
        ("FROM scratch AS a\nARG A=1\nFROM a\nLABEL v=[$A]", [], "[1]"),
        ("FROM scratch AS a\nENV A=env\nARG A=arg\nFROM a\nLABEL v=[$A]", [], "[env]"),
        ("FROM scratch\nARG TARGETPLATFORM\nLABEL v=$TARGETPLATFORM", [], "linux/amd64"),
        ("FROM scratch\nLABEL v=[$TARGETARCH]", [], "[]"),
        ("FROM scratch\nARG TARGETARCH\nLABEL v=$TARGETARCH", [("TARGETARCH", "mine")], "mine"),
        ("FROM scratch AS Last\nARG TARGETSTAGE\nLABEL v=$TARGETSTAGE", [], "last"),
        ("FROM scratch\nARG TARGETSTAGE\nLABEL v=$TARGETSTAGE", [], "default"),
        ("FROM scratch\nARG A=${NO:?not read}\nLABEL v=$A", [("A", "1")], "1"),
        ("FROM scratch\nARG SOURCE_DATE_EPOCH\nLABEL v=$SOURCE_DATE_EPOCH", [("SOURCE_DATE_EPOCH", "0012")], "12"),
        ("FROM scratch\nARG BUILDKIT_SBOM_SCAN_STAGE=x\nLABEL v=[$BUILDKIT_SBOM_SCAN_STAGE]", [], "[]"),
    ]

    @Test("A variable has the value of its scope", arguments: values)
    func value(dockerfile: String, arguments: [(String, String)], expected: String) throws {
        let plan = try PlanFixture.plan(dockerfile) {
            $0.buildArguments = arguments.map { PlanArgument(name: ByteString($0.0), value: ByteString($0.1)) }
        }
        #expect(plan.target.configuration.config.labels?["v"] == expected)
    }

    @Test("ARG reaches commands and not the image")
    func argumentsInEnvironment() throws {
        let plan = try PlanFixture.plan("FROM busybox\nARG A=1 NONE\nENV B=2\nRUN x\n")
        #expect(plan.execs.first?.environment.map(\.name) == ["PATH", "A", "B"])
        #expect(plan.target.configuration.config.environment == [PlanFixture.path, "B=2"])
        #expect(plan.history.last == "RUN |2 A=1 NONE= /bin/sh -c x # buildkit")
    }

    @Test("Proxies reach commands in both spellings, and neither the history nor the key")
    func proxies() throws {
        let dockerfile = "FROM busybox\nRUN x\n"
        let plain = try PlanFixture.plan(dockerfile)
        let proxied = try PlanFixture.plan(dockerfile) {
            $0.buildArguments = [PlanArgument(name: "http_proxy", value: "http://p")]
        }
        #expect(proxied.execs.first?.proxyEnvironment.map(\.name) == ["HTTP_PROXY", "http_proxy"])
        #expect(proxied.history == plain.history)
        #expect(proxied.steps.map(\.canonicalEncoding) == plain.steps.map(\.canonicalEncoding))
        #expect(proxied.warnings.isEmpty)
    }

    @Test("A build argument that nothing declares is warned of, with the name it may have meant")
    func unusedArgument() throws {
        let plan = try PlanFixture.plan("FROM scratch\nARG VERSION\n") {
            $0.buildArguments = [PlanArgument(name: "VERSON", value: "1"), PlanArgument(name: "VERSION", value: "1")]
        }
        #expect(plan.warnings.count == 1)
        #expect(plan.warnings.first?.message.contains("VERSON") == true)
        #expect(plan.warnings.first?.hint?.contains("VERSION") == true)
    }

    @Test(
        "SOURCE_DATE_EPOCH comes from an argument or a global ARG",
        arguments: [
            ("FROM scratch", "17", 17), ("ARG SOURCE_DATE_EPOCH=5\nFROM scratch", nil, 5),
            ("ARG SOURCE_DATE_EPOCH=5\nFROM scratch", "17", 17), ("FROM scratch", "context", nil),
            ("FROM scratch\nARG SOURCE_DATE_EPOCH=5", nil, nil),
        ] as [(String, String?, Int64?)]
    )
    func sourceDateEpoch(dockerfile: String, argument: String?, expected: Int64?) throws {
        let plan = try PlanFixture.plan(dockerfile) {
            guard let argument else { return }
            $0.buildArguments = [PlanArgument(name: "SOURCE_DATE_EPOCH", value: ByteString(argument))]
        }
        #expect(plan.sourceDateEpoch == expected)
    }
}
