import ByteStrings
import DockerfileLint
import DockerfileSyntax
import SourceDiagnostics
import Testing

@Suite("What settings do to findings")
struct SettingsTests {
    private static let text = """
        FROM scratch AS Base
        # check=skip=UndefinedVar
        COPY $A /
        # another comment
        # check=skip=all
        COPY $B /
        # check=skip=UndefinedVar

        COPY $C /
        # check=skip=undefinedvar
        COPY $D \\
          $E /

        """

    private func names(_ directive: String) -> [String] {
        LintFixture(directive + Self.text, rules: .build).names
    }

    @Test("a comment right above an instruction counts for it alone, by exact name")
    func instructions() {
        let fixture = LintFixture(Self.text, rules: .build)
        #expect(fixture.places(of: "UndefinedVar") == ["9:6 $C", "11:6 $D", "12:3 $E"])
    }

    @Test("rules are skipped by exact name, or all")
    func skipping() {
        #expect(names("# check=skip=StageNameCasing\n") == ["UndefinedVar", "UndefinedVar", "UndefinedVar"])
        #expect(names("# check=skip=StageNameCasing,UndefinedVar\n") == [])
        #expect(names("# check=skip=stagenamecasing,UndefinedVar\n") == ["StageNameCasing"])
        #expect(names("# check=skip=all\n") == [])
    }

    @Test("experimental rules are asked for, and skip does not reach them")
    func experimental() {
        let text = "\n# about it\nFROM scratch AS base\n"
        #expect(LintFixture(text, rules: .build).names == [])
        for directive in ["experimental=all", "experimental=InvalidDefinitionDescription", "skip=all;experimental=all"]
        {
            let fixture = LintFixture("# check=\(directive)\n" + text, rules: .build)
            #expect(fixture.names == ["InvalidDefinitionDescription"])
        }
        #expect(LintFixture("# check=experimental=Other\n" + text, rules: .build).names == [])
        let skipped =
            "# check=experimental=all\n\n# check=skip=InvalidDefinitionDescription\n# x\nFROM scratch AS base\n"
        #expect(LintFixture(skipped, rules: .build).names == [])
    }

    @Test(
        "findings fail a build only where settings say so",
        arguments: [
            ("", false), ("# check=error=true\n", true), ("# check=error=false\n", false),
            ("# check=error=true;skip=all\n", false), ("# check=skip=StageNameCasing;error=true\n", true),
        ]
    )
    func failing(directive: String, fails: Bool) {
        #expect(LintFixture(directive + Self.text, rules: .build).report.failsBuild == fails)
    }

    @Test("settings from elsewhere replace those of the file")
    func replaced() {
        var settings = CheckSettings()
        settings.skipped = ["UndefinedVar"]
        let fixture = LintFixture("# check=skip=all\n" + Self.text, rules: .build, settings: settings)
        #expect(fixture.names == ["StageNameCasing"])
    }

    @Test("findings are in the order of the file")
    func order() {
        let fixture = LintFixture("FROM alpine as Base\nmaintainer x\nARG TOKEN\nFROM Base\nCMD a\nCMD b\n")
        let starts = fixture.report.findings.compactMap(\.diagnostic.range?.start)
        #expect(starts == starts.sorted())
        #expect(Set(fixture.names).count > 5)
    }

    @Test("errors of the parser are no findings")
    func errors() {
        let fixture = LintFixture("FROM\nNONSENSE\nFROM alpine:3.20 AS B\nCMD x\n", rules: .build)
        #expect(fixture.parsed.hasErrors)
        #expect(fixture.names == ["StageNameCasing", "JSONArgsRecommended"])
    }
}
