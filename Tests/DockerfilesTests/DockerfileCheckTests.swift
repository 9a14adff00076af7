import Foundation
import TestSupport
import Testing

/// What is said of a Dockerfile without building it, and the warnings of a build.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct DockerfileCheckTests {
    private static let flawed = """
        FROM busybox AS Build
        WORKDIR app
        CMD echo $UNDEFINED
        LABEL a=$UNDEFINED
        """

    /// Runs a command that needs no store.
    private func run(_ arguments: String..., input: URL? = nil) throws -> Outcome {
        try RunningCommand([SlipwayProgram.binary.path] + arguments, input: input).wait()
    }

    private func object(_ outcome: Outcome) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any], "\(outcome.text)")
    }

    private func rules(_ warnings: Any?) throws -> [String] {
        try #require(warnings as? [[String: Any]]).compactMap { $0["ruleName"] as? String }
    }

    @Test func aBuildShowsItsWarningsAtTheEnd() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": Self.flawed])
            let built = try bench.expectBuild(context)
            for rule in ["StageNameCasing", "WorkdirRelativePath", "JSONArgsRecommended", "UndefinedVar"] {
                #expect(built.errors.contains("[\(rule)]"), "\(rule): \(built.errors)")
            }
            #expect(built.errors.contains(" 4 warnings found:"))
            let quiet = try bench.slipway.run("build", "-q", context.path)
            #expect(quiet.errors == "")
        }
    }

    @Test func settingsLeaveRulesOutOrMakeThemErrors() throws {
        try Workbench.run { bench in
            let skipping = try bench.context(
                ["Dockerfile": "# check=skip=StageNameCasing,UndefinedVar;error=true\n" + Self.flawed],
                named: "skipping"
            )
            let refused = try bench.build(skipping)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("lint violation found for rules: JSONArgsRecommended, WorkdirRelativePath"))
            #expect(!refused.errors.contains("docs/rules/StageNameCasing.md"))
            let allowed = try bench.build(skipping, "--build-arg", "BUILDKIT_DOCKERFILE_CHECK=skip=all")
            #expect(allowed.status == 0, "\(allowed.errors)")
            #expect(!allowed.errors.contains("warning"))

            let single = try bench.context(
                ["Dockerfile": "FROM busybox\n# check=skip=JSONArgsRecommended\nCMD echo\nENTRYPOINT echo\n"],
                named: "single"
            )
            let built = try bench.expectBuild(single)
            #expect(built.errors.contains(" 1 warning found:"))
            #expect(built.errors.contains("Dockerfile:4:"))
        }
    }

    @Test func aCheckBuildsNothing() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": Self.flawed + "\nRUN false\n"])
            let text = try bench.slipway.run("build", "--check", context.path)
            #expect(text.status == 0, "\(text.errors)")
            #expect(text.text.contains("[UndefinedVar]") && text.text.contains("Check complete, 4 warnings found."))

            let json = try bench.slipway.run("build", "--call=check,format=json", context.path)
            let document = try object(json)
            #expect(
                try rules(document["warnings"]).sorted() == [
                    "JSONArgsRecommended", "StageNameCasing", "UndefinedVar", "WorkdirRelativePath",
                ]
            )
            let sources = try #require(document["sources"] as? [[String: Any]])
            #expect(sources.first?["filename"] as? String == "Dockerfile")

            let clean = try bench.context(["Dockerfile": "FROM busybox\n"], named: "clean")
            let good = try bench.slipway.run("build", "--check", clean.path)
            #expect(good.text == "Check complete, no warnings found.\n")
        }
    }

    @Test func aCheckKnowsBaseImagesAndIgnoreFiles() throws {
        try Workbench.run { bench in
            let files = [
                "Dockerfile": "FROM base\nLABEL a=$KNOWN b=$UNKNOWN\nCOPY secret /\nCOPY open /\n",
                ".dockerignore": "secret\n", "secret": "", "open": "",
            ]
            let base = try bench.context(["Dockerfile": "FROM busybox\nENV KNOWN=1\n"], named: "base")
            _ = try bench.expectBuild(base, "-t", "base")
            let context = try bench.context(files)
            let checked = try object(try bench.slipway.run("build", "--call=check,format=json", context.path))
            let warnings = try #require(checked["warnings"] as? [[String: Any]])
            let details = warnings.compactMap { $0["detail"] as? String }
            #expect(try rules(warnings).sorted() == ["CopyIgnoredFile", "UndefinedVar"])
            #expect(details.contains { $0.contains("UNKNOWN") } && details.contains { $0.contains("secret") })
        }
    }

    @Test func aCheckOfWhatCannotBeBuiltFails() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nCOPPY a b\nexpose 80x\n"])
            let text = try bench.slipway.run("build", "--check", context.path)
            #expect(text.status == 1)
            #expect(text.text.contains("Dockerfile:2:1: error: unknown instruction"))
            let json = try bench.slipway.run("build", "--call=check,format=json", context.path)
            #expect(json.status == 1)
            let failure = try #require(try object(json)["buildError"] as? [String: Any])
            #expect((failure["message"] as? String)?.contains("COPPY") == true)
        }
    }

    @Test func outlineAndTargetsTellWhatThereIs() throws {
        try Workbench.run { bench in
            let dockerfile = """
                # app builds it
                FROM nowhere.invalid/base AS app
                # LEVEL of detail
                ARG LEVEL=3
                RUN --mount=type=secret,id=token,required x
                FROM scratch
                """
            let context = try bench.context(["Dockerfile": dockerfile])
            let targets = try object(try bench.slipway.run("build", "--call=targets,format=json", context.path))
            let list = try #require(targets["targets"] as? [[String: Any]])
            #expect(list.count == 2)
            #expect(list[0]["name"] as? String == "app" && list[0]["description"] as? String == "builds it")
            #expect(list[1]["default"] as? Bool == true)
            let table = try bench.slipway.run("build", "--call", "targets", context.path)
            #expect(table.text.contains("app") && table.text.contains("(default)"))

            let call = ["build", "--call=outline,format=json", "--target", "app", context.path]
            let outline = try object(try bench.slipway.run(call))
            let argument = try #require((outline["args"] as? [[String: Any]])?.first)
            #expect(argument["name"] as? String == "LEVEL" && argument["value"] as? String == "3")
            #expect(argument["description"] as? String == "of detail")
            let secret = try #require((outline["secrets"] as? [[String: Any]])?.first)
            #expect(secret["name"] as? String == "token" && secret["required"] as? Bool == true)
            let text = try bench.slipway.run("build", "--call=outline", "--target", "app", context.path)
            #expect(text.text.contains("BUILD ARG") && text.text.contains("token"))
        }
    }

    @Test(arguments: [["--call=nonsense"], ["--call=check,format=xml"], ["--check", "--call=targets"]])
    func aCallThatMeansNothingIsRefused(_ flags: [String]) throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\n"])
            let refused = try bench.slipway.run(["build"] + flags + [context.path])
            #expect(refused.status == 64)
            #expect(refused.errors.contains("--c"))
        }
    }

    @Test func lintPrintsForPeopleEditorsAndServers() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("Dockerfile")
        try Data(Self.flawed.utf8).write(to: file)
        let text = try run("lint", file.path)
        #expect(text.status == 1)
        #expect(text.text.contains("[StageNameCasing]"))
        #expect(try run("lint", "--no-fail", file.path).status == 0)
        #expect(try run("lint", "--skip", "all", file.path).text.contains("nothing found"))

        let json = try run("lint", "--format", "json", file.path)
        let findings = try #require(try JSONSerialization.jsonObject(with: json.output) as? [[String: Any]])
        #expect(!findings.isEmpty)
        let sarif = try object(try run("lint", "--format", "sarif", file.path))
        #expect(sarif["version"] as? String == "2.1.0")
        let results = try #require((sarif["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]])
        #expect(results.count == findings.count)

        let piped = try run("lint", "-", input: file)
        #expect(piped.status == 1)
        let absent = try run("lint", folder.url.appendingPathComponent("absent").path)
        #expect(absent.status == 1 && absent.errors.contains("no such file"))
    }

    @Test func astPrintsTheTreeOfAnyDockerfile() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("Dockerfile")
        try Data("FROM busybox AS a\nRUN --network=none <<EOF\nx\nEOF\n".utf8).write(to: file)
        let text = try run("ast", file.path)
        #expect(text.status == 0 && text.text.contains("FROM"))
        let tree = try object(try run("ast", "--format", "json", file.path))
        let stage = try #require((tree["stages"] as? [[String: Any]])?.first)
        let instruction = try #require((stage["instructions"] as? [[String: Any]])?.first)
        #expect(instruction["instruction"] as? String == "RUN")
        let range = try #require(instruction["range"] as? [String: [String: Int]])
        #expect(range["start"] == ["line": 2, "column": 1])

        try Data("FROM busybox\nRUNN x\n".utf8).write(to: file)
        let broken = try run("ast", file.path)
        #expect(broken.status == 1 && broken.errors.contains("unknown instruction"))
    }
}
