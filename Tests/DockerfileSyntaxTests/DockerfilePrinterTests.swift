import ByteStrings
import DockerfileSyntax
import Foundation
import SourceDiagnostics
import TestSupport
import Testing

@Suite("Writing syntax as a Dockerfile")
struct DockerfilePrinterTests {
    private static func parse(_ bytes: [UInt8]) -> Parsed<Dockerfile> {
        DockerfileParser().parse(SourceText(name: "Dockerfile", bytes: bytes))
    }

    /// Whether the printed text of the syntax is read as that syntax again, and printed as that text again.
    private static func survives(_ dockerfile: Dockerfile) -> Bool {
        let text = DockerfilePrinter().text(of: dockerfile)
        let again = parse(text.bytes)
        return !again.hasErrors && again.value.withoutPlaces == dockerfile.withoutPlaces
            && DockerfilePrinter().text(of: again.value) == text
    }

    @Test("the layout is the same whatever the text was like")
    func layout() {
        let text = """
            #  ESCAPE = `
            # check=skip=A
            # of the argument
            arg  A=1   'b c'
            from --platform='x'  a   as   B
            #first

            #   second
            #
            copy --chmod=1 --chown="a"\\ b   x `
              y   /z
            run   --  `
              <<EOF
            text
            EOF
            env k  the rest
            volume [ "/a" , "/b c" ]
            healthcheck --interval=90s --timeout=1500ms cmd [ "x" ]
            FROM B
            """
        #expect(
            DockerfilePrinter().text(of: Self.parse(Array(text.utf8)).value).description == """
                # escape=`
                # check=skip=A

                # of the argument
                ARG A=1 'b c'

                FROM --platform=x a AS B
                # second
                #
                COPY --chown="a b" --chmod=1 x y /z
                RUN <<EOF
                text
                EOF
                ENV k the rest
                VOLUME ["/a", "/b c"]
                HEALTHCHECK --interval=90s --timeout=1500ms CMD ["x"]

                FROM B

                """
        )
    }

    @Test("of an empty file nothing is written")
    func empty() {
        #expect(DockerfilePrinter().text(of: Dockerfile()).isEmpty)
    }

    @Test("an indented directive for another frontend stays indented")
    func indentedSyntax() {
        let parsed = Self.parse(Array("# check=skip=A\n\t# syntax = a/b  c\nFROM x\n".utf8)).value
        #expect(DockerfilePrinter().text(of: parsed) == "# check=skip=A\n # syntax=a/b  c\n\nFROM x\n")
        #expect(Self.survives(parsed))
    }

    @Test("comments survive, and none becomes a directive")
    func comments() {
        for text in [
            "\n# escape=`\nFROM x\\\ny\n", "# a\n#\n#b c\nFROM x\n#! d\n\u{A0}#\u{A0}e \nRUN y\n",
            "#!x\n#! y\nFROM x\n",
        ] {
            let parsed = Self.parse(Array(text.utf8)).value
            let again = Self.parse(DockerfilePrinter().text(of: parsed).bytes).value
            #expect(again.directives == parsed.directives)
            let pairs = zip(parsed.stages, again.stages)
            #expect(pairs.allSatisfy { $0.from.comments.map(\.text) == $1.from.comments.map(\.text) })
            #expect(
                pairs.allSatisfy {
                    $0.instructions.map { $0.comments.map(\.text) } == $1.instructions.map { $0.comments.map(\.text) }
                }
            )
        }
    }

    @Test(
        "what is hard to write is written",
        arguments: [
            "RUN x \\\u{0B}", "RUN x \\ \\", "ONBUILD RUN x \\ \\", "ONBUILD RUN x\r\\", "ONBUILD RUN x  ",
            "ENV a=\"b \\\u{0C}",
            "ENV a=b\\ \\\u{0B}", "ENV a='b\\\u{0B}", "ENV a\\  b=c", "ENV a\\ b c=d", "ENV \"a  b\" c",
            "ENV k  \u{A0}v",
            "ARG a=\"b", "VOLUME [\"/a\",\u{0B}\"/b\"]", "VOLUME [ /a", "VOLUME /a \u{A0}/b /c",
            "VOLUME [\" /a \", \"/b c\"]",
            "COPY -- --a /b", "COPY [\"--a\", \"\"]", "COPY [\"<<E\", \"/f\"]", "COPY a<<E /f", "COPY a b\\\u{0B}",
            "USER -- --x",
            "COPY <<E b\\ /f\nx\nE", "COPY \"a <<E b\" <<E /f\nx\nE", "COPY <<\"two words\" <<E /f\nx\ntwo words\ny\nE",
            "COPY a\\ <<E <<E /f\nx\nE", "COPY <<E <<-E <<'E' /f\na\nE\n\tb\n\tE\nc\nE",
            "COPY --chown='${' <<E /f\nx\nE",
            "RUN --device='a\\' x' cat <<E\ny\nE", "RUN --device=\"a\" cat <<E\\ F\nx\nE F", "RUN <<E\\\u{0B}\nx\nE",
            "RUN --device=`", "RUN --device='a '", "RUN --device=\"\u{A0}\"", "RUN --device=a\\\\ ", "RUN --device= x",
            "RUN",
            "CMD []", "CMD", "CMD [\"\"]", "CMD [\"\\u0000\\n\\\\\"]", "HEALTHCHECK CMD --x",
            "HEALTHCHECK CMD [\"\\\\\"]",
            "ONBUILD -- RUN <<-E\n\t\tx\n\tE", "ONBUILD copy <<A <<B /c\r\na\r\nA\r\nB\r", "EXPOSE 80 \u{A0}90 1",
            "FROM -- --x", "LABEL -- --a=b", "RUN [\"a\"] \\\u{0B}", "SHELL [\"a\\\\\"]", "MAINTAINER a\\\\",
        ]
    )
    func hard(text: String) {
        for escape in ["", "# escape=`\n"] {
            let parsed = Self.parse(Array("\(escape)FROM scratch\n\(text)".utf8))
            if parsed.hasErrors { continue }
            #expect(Self.survives(parsed.value), "\(DockerfilePrinter().text(of: parsed.value))")
        }
        #expect(!Self.parse(Array("FROM scratch\n\(text)".utf8)).hasErrors)
    }

    @Test("texts made up at random mean the same when they are printed")
    func generatedTexts() {
        var valid = 0
        for seed in UInt64(1)...6_000 {
            let parsed = Self.parse(GeneratedText(seed: seed).bytes)
            if parsed.hasErrors { continue }
            valid += 1
            if !Self.survives(parsed.value) { Issue.record("seed \(seed)") }
        }
        #expect(valid > 1_500)
    }

    @Test("syntax made up at random is parsed from what is printed of it")
    func generatedTrees() {
        for seed in UInt64(1)...3_000 {
            let tree = GeneratedTree(seed: seed).dockerfile
            if !Self.survives(tree) { Issue.record("seed \(seed)") }
        }
    }

    @Test("every golden means the same when it is printed", arguments: Golden.cases("dockerfile/valid"))
    func goldens(name: String) throws {
        let file = Testdata.root.appendingPathComponent("dockerfile/valid/\(name)/Dockerfile")
        #expect(Self.survives(Self.parse([UInt8](try Data(contentsOf: file))).value))
    }

    private static let recorded = Testdata.repository.appendingPathComponent("../shared/conformance/cases")

    @Test(
        "every recorded Dockerfile means the same when it is printed",
        .enabled(
            if: FileManager.default.fileExists(atPath: recorded.path),
            "needs ../shared/conformance beside the repository"
        )
    )
    func recordings() throws {
        let files = try FileManager.default.subpathsOfDirectory(atPath: Self.recorded.path)
            .filter { $0.hasSuffix("/Dockerfile") }
        var valid = 0
        for name in files {
            let parsed = Self.parse([UInt8](try Data(contentsOf: Self.recorded.appendingPathComponent(name))))
            if parsed.hasErrors { continue }
            valid += 1
            #expect(Self.survives(parsed.value), "\(name)")
        }
        #expect(valid > 100)
    }
}
